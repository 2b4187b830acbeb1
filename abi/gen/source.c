/* SPDX-License-Identifier: BSD-3-Clause */
#include "source.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/* Opens ordinary files only: a pipe or a device could block or never end. */
static FILE *open_regular(const char *file, const char **why)
{
	struct stat st;
	FILE *in;

	if (stat(file, &st) != 0) {
		*why = strerror(errno);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		*why = "not an ordinary file";
		return NULL;
	}
	in = fopen(file, "rb");
	if (in == NULL)
		*why = strerror(errno);
	return in;
}

/* Reads at most one byte more than the limit, which tells that it is passed. */
static char *read_all(FILE *in, struct abi_arena *arena, size_t *len)
{
	size_t room = 65536;
	char *text = abi_arena_alloc(arena, room + 1, 1);
	size_t n;

	*len = 0;
	while ((n = fread(text + *len, 1, room - *len, in)) > 0) {
		*len += n;
		if (*len > ABI_MAX_SOURCE_BYTES)
			break;
		if (*len == room) {
			char *larger = abi_arena_alloc(arena, room * 2 + 1, 1);

			memcpy(larger, text, *len);
			text = larger;
			room *= 2;
		}
	}
	text[*len] = '\0';
	return text;
}

/* Length of the UTF-8 character at s, 0 when it is malformed. */
static size_t utf8_length(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t c;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4 || len > left)
		return 0;
	c = s[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : len;
}

/* The first character that is no text; loc counts lines and characters. */
static bool find_bad_character(struct abi_source source, struct abi_loc *loc)
{
	const unsigned char *s = (const unsigned char *)source.text;

	loc->line = 1;
	loc->column = 1;
	for (size_t i = 0; i < source.len;) {
		size_t len = utf8_length(s + i, source.len - i);

		if (len == 0 || (s[i] < 0x20 && strchr("\t\n\r", s[i]) == NULL) || s[i] == 0)
			return true;
		loc->column++;
		if (s[i] == '\n') {
			loc->line++;
			loc->column = 1;
		}
		i += len;
	}
	return false;
}

enum abi_source_status abi_source_check(const char *file, struct abi_source source,
					struct abi_diag *diag)
{
	struct abi_loc loc = {.file = file, .line = 1, .column = 1};

	if (source.len > ABI_MAX_SOURCE_BYTES) {
		abi_error(diag, loc, "the file is larger than %u bytes", ABI_MAX_SOURCE_BYTES);
		abi_remedy(diag, "name a description, or split it into files joined by 'uses'");
		return ABI_SOURCE_BAD;
	}
	if (find_bad_character(source, &loc)) {
		abi_error(diag, loc, "the file is not UTF-8 text");
		abi_remedy(diag, "save the description as UTF-8 without control characters");
		return ABI_SOURCE_BAD;
	}
	return ABI_SOURCE_OK;
}

enum abi_source_status abi_source_read(const char *file, struct abi_arena *arena,
				       struct abi_diag *diag, struct abi_source *out)
{
	FILE *in = open_regular(file, &out->why);
	int error;

	if (in == NULL)
		return ABI_SOURCE_UNREADABLE;
	errno = 0;
	out->text = read_all(in, arena, &out->len);
	error = ferror(in) ? errno : 0;
	fclose(in);
	if (error != 0) {
		out->why = strerror(error);
		return ABI_SOURCE_UNREADABLE;
	}
	abi_diag_add_source(diag, file, out->text, out->len);
	return abi_source_check(file, *out, diag);
}
