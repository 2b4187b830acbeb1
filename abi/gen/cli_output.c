/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli_output.h"

#include <errno.h>
#include <string.h>

#include "out_file.h"
#include "versions.h"

static void print_text(const struct writer *w, FILE *out, struct abi_diag *diag)
{
	errno = 0;
	if (fwrite(w->data, 1, w->len, out) == w->len)
		return;
	abi_io_error(diag, "standard output", "cannot write: %s",
		     strerror(errno != 0 ? errno : EIO));
	abi_remedy(diag, "use -o FILE with a place that has room");
}

void cli_put(const struct writer *w, const char *path, FILE *out, struct abi_diag *diag)
{
	struct abi_out_file file;

	if (w->failed) {
		abi_io_error(diag, path != NULL ? path : "standard output", "out of memory");
		return;
	}
	if (path == NULL || strcmp(path, "-") == 0) {
		print_text(w, out, diag);
		return;
	}
	if (!abi_out_open(&file, path, diag))
		return;
	/* A short write shows up when the file is finished. */
	(void)fwrite(w->data, 1, w->len, file.stream);
	abi_out_commit(&file, diag);
}

const char *cli_version_names(const struct abi *abi)
{
	return versions_text(abi->arena, abi, abi_all_versions(abi));
}
