/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMM_BUILTIN_PROFILE_H
#define RMM_BUILTIN_PROFILE_H

/* The text of profiles/generic-server.yaml, put into the library by the build. */
const char *rmm_builtin_profile(void);

#endif
