/* SPDX-License-Identifier: BSD-3-Clause */
#include "out_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void report(struct abi_diag *diag, const char *path, const char *what, int error)
{
	abi_io_error(diag, path, "cannot %s: %s", what, strerror(error));
	if (error == ENOSPC)
		abi_remedy(diag, "free some space on that disk and run the command again");
	else
		abi_remedy(diag, "name a place that exists and that you may write to");
}

static bool make_directory(const char *path, struct abi_diag *diag)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	report(diag, path, "make the directory", errno);
	return false;
}

bool abi_make_directories(const char *path, struct abi_diag *diag)
{
	char *part = strdup(path);
	bool ok = part != NULL && path[0] != '\0';

	if (!ok)
		report(diag, path, "make the directory", part == NULL ? ENOMEM : ENOENT);
	for (char *slash = part; ok && (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
		*slash = '\0';
		ok = make_directory(part, diag);
	}
	ok = ok && make_directory(path, diag);
	free(part);
	return ok;
}

/* Not mkstemp(): its files are private, generated files are for everybody. */
static FILE *open_temporary(char *name)
{
	FILE *stream = fopen(name, "wx");

	if (stream == NULL && errno == EEXIST && unlink(name) == 0)
		stream = fopen(name, "wx");
	return stream;
}

/* A device or a pipe is written in place: there is nothing to rename over. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool open_special(struct abi_out_file *file, const char *path, struct abi_diag *diag)
{
	*file = (struct abi_out_file){.path = path, .stream = fopen(path, "w")};
	if (file->stream == NULL)
		report(diag, path, "write the file", errno);
	return file->stream != NULL;
}

bool abi_out_open(struct abi_out_file *file, const char *path, struct abi_diag *diag)
{
	size_t len = strlen(path) + 32;

	if (is_special(path))
		return open_special(file, path, diag);
	*file = (struct abi_out_file){.path = path, .temporary = malloc(len)};
	if (file->temporary == NULL) {
		report(diag, path, "write the file", ENOMEM);
		return false;
	}
	snprintf(file->temporary, len, "%s.%ld.tmp", path, (long)getpid());
	file->stream = open_temporary(file->temporary);
	if (file->stream == NULL) {
		report(diag, path, "write the file", errno);
		abi_out_abandon(file);
		return false;
	}
	return true;
}

/* Whether two files hold the same bytes; false when either cannot be read. */
static bool same_content(const char *a, const char *b)
{
	FILE *fa = fopen(a, "rb");
	FILE *fb = fopen(b, "rb");
	bool same = fa != NULL && fb != NULL;
	char ba[8192];
	char bb[8192];
	size_t na = 1;

	while (same && na > 0) {
		size_t nb;

		na = fread(ba, 1, sizeof(ba), fa);
		nb = fread(bb, 1, sizeof(bb), fb);
		same = na == nb && memcmp(ba, bb, na) == 0 && !ferror(fa) && !ferror(fb);
	}
	if (fa != NULL)
		fclose(fa);
	if (fb != NULL)
		fclose(fb);
	return same;
}

/* A stream remembers that a write failed, but not why: failing once more tells. */
static int reason_of_failure(FILE *stream)
{
	clearerr(stream);
	errno = 0;
	if (fputc('\n', stream) == EOF || fflush(stream) != 0)
		return errno != 0 ? errno : EIO;
	return EIO;
}

/* Everything on disk? Errors of earlier writes surface here too. */
static int finish_writing(FILE *stream)
{
	const bool failed_before = ferror(stream) != 0;
	int error = 0;

	if (fflush(stream) != 0)
		error = errno;
	else if (failed_before)
		error = reason_of_failure(stream);
	if (fclose(stream) != 0 && error == 0)
		error = errno;
	return error;
}

bool abi_out_commit(struct abi_out_file *file, struct abi_diag *diag)
{
	int error = finish_writing(file->stream);

	file->stream = NULL;
	if (error == 0 && file->temporary != NULL && !same_content(file->temporary, file->path)) {
		if (rename(file->temporary, file->path) != 0)
			error = errno;
	}
	if (error != 0)
		report(diag, file->path, "write the file", error);
	abi_out_abandon(file);
	return error == 0;
}

void abi_out_abandon(struct abi_out_file *file)
{
	if (file->stream != NULL)
		fclose(file->stream);
	file->stream = NULL;
	if (file->temporary != NULL)
		unlink(file->temporary);
	free(file->temporary);
	file->temporary = NULL;
}
