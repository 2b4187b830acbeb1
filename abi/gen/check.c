/* SPDX-License-Identifier: BSD-3-Clause */
#include "check.h"

#include "names.h"
#include "versions.h"

bool check_reference_versions(struct abi *abi, struct abi_diag *diag, struct abi_loc loc,
			      const char *name, abi_versions has, abi_versions needs)
{
	abi_versions missing = needs & ~has;

	if (missing == 0)
		return true;
	abi_error(diag, loc, "'%s' does not exist in %s", name,
		  versions_text(abi->arena, abi, missing));
	if ((needs & has) != 0)
		abi_remedy(diag, "limit this item to %s, or widen the versions of '%s'",
			   versions_text(abi->arena, abi, needs & has), name);
	else
		abi_remedy(diag, "use what exists there, or widen the versions of '%s'", name);
	return false;
}

void abi_check(struct abi *abi, struct abi_diag *diag)
{
	abi_names_build(abi);
	check_names(abi, diag);
	check_types(abi, diag);
	check_layouts(abi, diag);
	check_state(abi, diag);
	check_commands(abi, diag);
	check_conditions(abi, diag);
	check_orders(abi, diag);
	check_machines(abi, diag);
}
