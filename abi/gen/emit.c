/* SPDX-License-Identifier: BSD-3-Clause */
/* Which artefact goes into which file. */
#include "emit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "emit_oracle.h"
#include "linux_names.h"
#include "out_file.h"

struct output {
	const struct abi *abi;
	const char *dir;
	struct abi_diag *diag;
};

static int put_file(const struct output *o, const char *path, const struct writer *w)
{
	struct abi_out_file file;

	if (w->failed) {
		abi_io_error(o->diag, path, "out of memory");
		return -1;
	}
	if (!abi_out_open(&file, path, o->diag))
		return -1;
	if (w->len)
		(void)fwrite(w->data, 1, w->len, file.stream);
	return abi_out_commit(&file, o->diag) ? 0 : -1;
}

/* Saves and empties the writer. */
static int put(const struct output *o, struct writer *w, const char *name)
{
	char *path = abi_arena_printf(o->abi->arena, "%s/%s", o->dir, name);
	int error = put_file(o, path, w);

	writer_free(w);
	return error;
}

struct artefact {
	const char *name;
	void (*emit)(const struct abi *abi, struct writer *w);
};

static void emit_tables_header_of(const struct abi *abi, struct writer *w)
{
	(void)abi;
	emit_tables_header(w);
}

static const struct artefact artefacts[] = {
	{"rmmsim/abi/ids.h", emit_ids_header},
	{"rmmsim/abi/encoding.h", emit_encoding_header},
	{"rmmsim/abi/dispatch.h", emit_dispatch_header},
	{"tables.h", emit_tables_header_of},
	{"tables_types.c", emit_tables_types},
	{"tables_commands.c", emit_tables_commands},
	{"tables_index.c", emit_tables_index},
	{"tables_machines.c", emit_tables_machines},
	{"fid_index.c", emit_fid_index},
	{"encoding.c", emit_encoding_source},
	{"dispatch.c", emit_dispatch_source},
	{"oracle/generated/types.h", emit_oracle_types},
	{"oracle/generated/functions.h", emit_oracle_functions},
	{"oracle/generated/unknown.c", emit_oracle_unknown},
	{"oracle/generated/conditions.c", emit_oracle_conditions},
	{"rmm-abi.json", emit_json},
	{"abi-reference.md", emit_markdown},
};

struct version_artefact {
	const char *format; /* %s: the version's name space */
	void (*emit)(const struct abi *abi, size_t version, struct writer *w);
};

static const struct version_artefact version_artefacts[] = {
	{"rmmsim/abi/%s.h", emit_portable_header},
	{"rmmsim/abi/%s_calls.h", emit_calls_header},
	{"rmmsim/abi/%s_plain.h", emit_plain_header},
	{"rmmsim/abi/%s_plain_calls.h", emit_plain_calls_header},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int emit_shared(const struct output *o)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(artefacts) && !error; i++) {
		struct writer w;

		writer_init(&w);
		artefacts[i].emit(o->abi, &w);
		error = put(o, &w, artefacts[i].name);
	}
	return error;
}

/* The name without its "%s". */
static const char *version_file(const struct output *o, const char *format, size_t version)
{
	const char *place = strstr(format, "%s");

	return abi_arena_printf(o->abi->arena, "%.*s%s%s", (int)(place - format), format,
				o->abi->versions.v[version].ns.s, place + 2);
}

static int emit_version(const struct output *o, size_t version)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(version_artefacts) && !error; i++) {
		struct writer w;

		writer_init(&w);
		version_artefacts[i].emit(o->abi, version, &w);
		error = put(o, &w, version_file(o, version_artefacts[i].format, version));
	}
	return error;
}

static int emit_linux(const struct output *o, const struct linux_names *names)
{
	int error = 0;

	for (size_t v = 0; v < o->abi->versions.n && !error; v++) {
		struct writer w;

		if (!linux_names_cover(names, v))
			continue;
		writer_init(&w);
		emit_linux_header(o->abi, names, v, &w);
		error = put(o, &w, version_file(o, "linux/%s_rmi.h", v));
	}
	return error;
}

static int make_directories(const struct output *o)
{
	const struct abi *abi = o->abi;

	return abi_make_directories(abi_arena_printf(abi->arena, "%s/rmmsim/abi", o->dir),
				    o->diag) &&
			       abi_make_directories(
				       abi_arena_printf(abi->arena, "%s/linux", o->dir), o->diag) &&
			       abi_make_directories(
				       abi_arena_printf(abi->arena, "%s/oracle/generated", o->dir),
				       o->diag)
		       ? 0
		       : -1;
}

int emit_all(const struct abi *abi, const char *out_dir, struct abi_diag *diag)
{
	struct output o = {abi, out_dir, diag};
	struct linux_names *names = NULL;
	int error = emit_check(abi, diag);

	if (!error)
		error = linux_names_load(abi, diag, &names);
	if (!error)
		error = make_directories(&o);
	if (!error)
		error = emit_shared(&o);
	for (size_t v = 0; v < abi->versions.n && !error; v++)
		error = emit_version(&o, v);
	if (!error && names)
		error = emit_linux(&o, names);
	return error;
}
