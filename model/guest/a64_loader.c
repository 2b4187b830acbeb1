/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds and loads rmmsim-a64.so. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "a64/module.h"
#include "rmmsim/a64.h"

#define MODULE_FILE "rmmsim-a64.so"

#ifndef RMMSIM_MODULE_DIR
#define RMMSIM_MODULE_DIR "/usr/local/lib/rmmsim"
#endif

/* Something whose address tells where this code is. */
static const char own_address = 0;

struct rmm_a64 {
	void *library;
	const struct rmm_a64_module *module;
	void *machine;
};

/* The folder of the running program, or an empty string. */
static void program_folder(char folder[PATH_MAX])
{
	const ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	folder[n > 0 ? n : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
}

/* The folder of the library or program that this code is part of, or an empty string. */
static void library_folder(char folder[PATH_MAX])
{
	Dl_info info = {0};
	char *slash;

	folder[0] = '\0';
	if (dladdr((const void *)&own_address, &info) == 0 || !info.dli_fname)
		return;
	(void)snprintf(folder, PATH_MAX, "%s", info.dli_fname);
	slash = strrchr(folder, '/');
	folder[slash ? slash - folder : 0] = '\0';
}

static bool exists_in(const char *folder, const char *below, char path[PATH_MAX])
{
	const int n = snprintf(path, PATH_MAX, "%s%s/" MODULE_FILE, folder, below);

	return n > 0 && n < PATH_MAX && access(path, R_OK) == 0;
}

static bool find_module(char path[PATH_MAX])
{
	const char *named = getenv("RMMSIM_A64_MODULE");
	char folder[PATH_MAX];

	if (named && *named) {
		const int n = snprintf(path, PATH_MAX, "%s", named);

		return n > 0 && n < PATH_MAX;
	}
	program_folder(folder);
	if (exists_in(folder, "", path) || exists_in(folder, "/../lib/rmmsim", path))
		return true;
	/* An installed library may have been moved, or stand in lib/<architecture>. */
	library_folder(folder);
	if (*folder &&
	    (exists_in(folder, "/rmmsim", path) || exists_in(folder, "/../rmmsim", path)))
		return true;
	return exists_in(RMMSIM_MODULE_DIR, "", path);
}

static int fail(struct rmm_error *error, const char *what, const char *remedy)
{
	if (error)
		snprintf(error->text, sizeof(error->text), "%.120s: %s", what, remedy);
	return -1;
}

static int open_module(struct rmm_a64 *a64, const char *path, struct rmm_error *error)
{
	a64->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!a64->library)
		return fail(error, dlerror(),
			    "A64 guests need Unicorn 2 (Debian: libunicorn2) and " MODULE_FILE);
	a64->module = dlsym(a64->library, RMM_A64_MODULE_SYMBOL);
	if (!a64->module)
		return fail(error, path, "this is no " MODULE_FILE);
	if (a64->module->interface != RMM_A64_MODULE_INTERFACE ||
	    a64->module->vcpu_size != sizeof(struct rmm_vcpu))
		return fail(error, path, "it belongs to another version of rmmsim: rebuild it");
	return a64->module->create(&a64->machine, error);
}

int rmm_a64_load(const char *path, struct rmm_a64 **out, struct rmm_error *error)
{
	char found[PATH_MAX];
	struct rmm_a64 *a64;

	if (!out)
		return fail(error, "A64 guests", "rmm_a64_load needs a place for them");
	*out = NULL;
	if (!path && !find_module(found))
		return fail(error, MODULE_FILE " is not there",
			    "it is built when Unicorn 2 is found (Debian: libunicorn-dev); "
			    "RMMSIM_A64_MODULE may name it");
	a64 = calloc(1, sizeof(*a64));
	if (!a64)
		return fail(error, "A64 guests", "no memory is left");
	if (open_module(a64, path ? path : found, error) != 0) {
		rmm_a64_unload(a64);
		return -1;
	}
	*out = a64;
	return 0;
}

void rmm_a64_unload(struct rmm_a64 *a64)
{
	if (!a64)
		return;
	if (a64->machine)
		a64->module->destroy(a64->machine);
	if (a64->library)
		(void)dlclose(a64->library);
	free(a64);
}

const struct rmm_guest_ops *rmm_a64_ops(const struct rmm_a64 *a64)
{
	return a64 ? a64->module->ops() : NULL;
}

void *rmm_a64_machine(const struct rmm_a64 *a64)
{
	return a64 ? a64->machine : NULL;
}

void rmm_a64_limit(struct rmm_a64 *a64, uint64_t instructions)
{
	if (a64)
		a64->module->limit(a64->machine, instructions);
}

void rmm_a64_read_stats(const struct rmm_a64 *a64, struct rmm_a64_stats *stats)
{
	if (a64 && stats)
		a64->module->stats(a64->machine, stats);
}
