/* SPDX-License-Identifier: BSD-3-Clause */
#include "unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_args.h"
#include "embedded.h"

#define PATH_ROOM (PATH_MAX + 256)

static void path_of(const struct unpacked *u, const char *file, char *path)
{
	snprintf(path, PATH_ROOM, "%s/%s", u->dir, file);
}

/* The directory part of "linux/names.yaml"; "" when there is none. */
static void folder_of(const char *file, char *folder, size_t len)
{
	const char *slash = strrchr(file, '/');

	snprintf(folder, len, "%.*s", slash != NULL ? (int)(slash - file) : 0, file);
}

static bool make_folder(const struct unpacked *u, const char *file)
{
	char folder[128];
	char path[PATH_ROOM];

	folder_of(file, folder, sizeof(folder));
	if (folder[0] == '\0')
		return true;
	path_of(u, folder, path);
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool write_file(const struct unpacked *u, const struct embedded_file *file)
{
	char path[PATH_ROOM];
	FILE *out;
	bool ok;

	if (!make_folder(u, file->path))
		return false;
	path_of(u, file->path, path);
	out = fopen(path, "wbx");
	if (out == NULL)
		return false;
	ok = fwrite(file->bytes, 1, file->len, out) == file->len;
	return (fclose(out) == 0) && ok;
}

bool unpack_descriptions(const char *command, struct unpacked *u)
{
	const char *tmp = getenv("TMPDIR");
	bool ok;

	if (tmp == NULL || tmp[0] == '\0')
		tmp = "/tmp";
	ok = snprintf(u->dir, sizeof(u->dir), "%s/rmmsim-abi-XXXXXX", tmp) < (int)sizeof(u->dir) &&
	     mkdtemp(u->dir) != NULL;
	if (!ok) {
		cli_error(command, "set TMPDIR to a directory that can be written",
			  "no temporary directory below %s: %s", tmp, strerror(errno));
		return false;
	}
	for (size_t i = 0; ok && i < num_embedded_files; i++)
		ok = write_file(u, &embedded_files[i]);
	if (ok)
		return true;
	cli_error(command, "make room there, or set TMPDIR", "cannot write below %s: %s", u->dir,
		  strerror(errno));
	remove_unpacked(u);
	return false;
}

void remove_unpacked(const struct unpacked *u)
{
	char path[PATH_ROOM];
	char folder[128];

	for (size_t i = 0; i < num_embedded_files; i++) {
		path_of(u, embedded_files[i].path, path);
		unlink(path);
	}
	for (size_t i = 0; i < num_embedded_files; i++) {
		folder_of(embedded_files[i].path, folder, sizeof(folder));
		path_of(u, folder, path);
		if (folder[0] != '\0')
			rmdir(path);
	}
	rmdir(u->dir);
}
