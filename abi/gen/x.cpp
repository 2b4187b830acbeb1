#include "/work/main/abi/include/rmmsim/abi/introspect.h"
