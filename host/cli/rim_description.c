/* SPDX-License-Identifier: BSD-3-Clause */
#include "rim_description.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cli_args.h"
#include "commands.h"
#include "diag.h"
#include "keys.h"
#include "rim_image.h"
#include "rmmsim/abi/encoding.h"
#include "source.h"
#include "yaml_node.h"

#define MAX_ENTRIES (1u << 24) /* of RTTs in one RIPAS change */

struct description {
	const char *path;
	struct abi_arena *arena;
	struct abi_diag *diag;
	struct rim_prediction *out;
};

static bool begin(struct description *d, struct key_reader *r, struct yaml_node *node,
		  const char *what)
{
	return keys_begin(r, d->arena, d->diag, node, what);
}

/* ---- head ------------------------------------------------------------------------ */

static void read_version(struct description *d, struct key_reader *r,
			 const struct rim_overrides *overrides)
{
	const struct abi_text text = keys_text(r, "version", KEY_OPTIONAL);

	if (overrides->version != NULL)
		rmm_abi_version_find(overrides->version, &d->out->version);
	else if (text.s != NULL && !rmm_abi_version_find(text.s, &d->out->version)) {
		abi_error(d->diag, text.loc, "unknown version '%s'", text.s);
		abi_remedy(d->diag, "'rmmsim --version' lists the versions");
	}
}

static void read_profile(struct description *d, struct key_reader *r,
			 const struct rim_overrides *overrides)
{
	static const char *const words[] = {"spec", "tf-rmm", NULL};
	const int index = keys_word(r, "profile", words, 0);

	d->out->profile = index == 1 ? RMM_PROFILE_TF_RMM : RMM_PROFILE_SPEC;
	if (overrides->profile != NULL)
		d->out->profile = strcmp(overrides->profile, "tf-rmm") == 0 ? RMM_PROFILE_TF_RMM
									    : RMM_PROFILE_SPEC;
}

static void read_small(struct key_reader *r, const char *key, enum key_need need, uint8_t *out)
{
	uint64_t value = 0;

	if (keys_uint(r, key, need, UINT8_MAX, &value))
		*out = (uint8_t)value;
}

static void read_params(struct description *d, struct yaml_node *node, enum key_need need,
			struct rmm_rim_params *params)
{
	struct key_reader r;

	if (!begin(d, &r, node, "params"))
		return;
	const struct abi_text hash = keys_text(&r, "hash_algo", KEY_REQUIRED);
	if (hash.s != NULL && !rim_hash_by_name(hash.s, &params->hash_algo)) {
		abi_error(d->diag, hash.loc, "unknown hash algorithm '%s'", hash.s);
		abi_remedy(d->diag, "use sha-256, sha-384 or sha-512");
	}
	keys_uint(&r, "flags", KEY_OPTIONAL, UINT64_MAX, &params->flags);
	read_small(&r, "s2sz", need, &params->s2sz);
	read_small(&r, "sve_vl", KEY_OPTIONAL, &params->sve_vl);
	read_small(&r, "num_bps", need, &params->num_bps);
	read_small(&r, "num_wps", need, &params->num_wps);
	read_small(&r, "pmu_num_ctrs", KEY_OPTIONAL, &params->pmu_num_ctrs);
	keys_end(&r);
}

/* Where parameters are measured, leaving one out would give a wrong RIM without a word. */
static bool begin_rim(struct description *d, struct yaml_node *node)
{
	struct rmm_rim_params params = {0};
	struct rmm_error error;

	rmm_rim_begin(&d->out->rim, d->out->version, d->out->profile, &params, &error);
	read_params(d, node, d->out->rim.params_measured ? KEY_REQUIRED : KEY_OPTIONAL, &params);
	if (abi_diag_errors(d->diag) > 0)
		return false;
	if (rmm_rim_begin(&d->out->rim, d->out->version, d->out->profile, &params, &error) == 0)
		return true;
	abi_error(d->diag, node->loc, "%s", error.text);
	abi_remedy(d->diag, "choose another hash_algo or version");
	return false;
}

/* ---- steps --------------------------------------------------------------------------- */

static const char *beside(struct description *d, const char *file)
{
	const char *slash = strrchr(d->path, '/');

	if (file[0] == '/' || slash == NULL)
		return file;
	return abi_arena_printf(d->arena, "%.*s/%s", (int)(slash - d->path), d->path, file);
}

static void add_data(struct description *d, struct yaml_node *node)
{
	struct rmm_error error = {{0}};
	struct key_reader r;
	uint64_t ipa = 0;

	if (!begin(d, &r, node, "data"))
		return;
	keys_uint(&r, "ipa", KEY_REQUIRED, UINT64_MAX, &ipa);
	const struct abi_text file = keys_text(&r, "file", KEY_REQUIRED);
	const bool measure = keys_bool(&r, "measure", true);
	keys_end(&r);
	if (abi_diag_errors(d->diag) > 0)
		return;
	if (!rim_add_image(&d->out->rim, ipa, beside(d, file.s), measure, &error)) {
		abi_error(d->diag, file.loc, "%s", error.text);
		abi_remedy(d->diag, "files are looked up beside the description");
	}
}

static void read_gprs(struct description *d, struct key_reader *r, uint64_t gprs[8])
{
	const struct yaml_node *list = keys_list(r, "gprs", KEY_OPTIONAL);

	if (list == NULL)
		return;
	if (list->items.n > 8) {
		abi_error(d->diag, list->loc, "%zu registers are too many", list->items.n);
		abi_remedy(d->diag, "a REC starts with X0 to X7; the others are zero");
		return;
	}
	for (size_t i = 0; i < list->items.n; i++)
		node_uint(d->diag, list->items.v[i], "a register", UINT64_MAX, &gprs[i]);
}

static void add_rec(struct description *d, struct yaml_node *node)
{
	struct key_reader r;
	uint64_t gprs[8] = {0};
	uint64_t pc = 0;

	if (!begin(d, &r, node, "rec"))
		return;
	keys_uint(&r, "pc", KEY_REQUIRED, UINT64_MAX, &pc);
	read_gprs(d, &r, gprs);
	const bool runnable = keys_bool(&r, "runnable", true);
	keys_end(&r);
	rmm_rim_add_rec(&d->out->rim, runnable, pc, gprs);
}

static bool ripas_is_sane(struct description *d, const struct yaml_node *node, uint64_t base,
			  uint64_t top, uint64_t entry)
{
	if (abi_diag_errors(d->diag) > 0)
		return false;
	if (base < top && entry != 0 && entry % RMM_GRANULE_SIZE == 0 && base % entry == 0 &&
	    (top - base) % entry == 0 && (top - base) / entry <= MAX_ENTRIES)
		return true;
	abi_error(d->diag, node->loc, "[base, top) is no whole, sane number of entries");
	abi_remedy(d->diag, "entry is the size of an RTT entry, 4096 or a multiple; base and top "
			    "are multiples of it");
	return false;
}

/* 1.0 measures each entry of the tables that the change passes. */
static void add_ripas(struct description *d, struct yaml_node *node)
{
	uint64_t base = 0, top = 0, entry = 0;
	struct key_reader r;

	if (!begin(d, &r, node, "ripas"))
		return;
	keys_uint(&r, "base", KEY_REQUIRED, UINT64_MAX, &base);
	keys_uint(&r, "top", KEY_REQUIRED, UINT64_MAX, &top);
	entry = top - base;
	keys_uint(&r, "entry", KEY_OPTIONAL, UINT64_MAX, &entry);
	keys_end(&r);
	if (!d->out->rim.ripas_measured || !ripas_is_sane(d, node, base, top, entry))
		return;
	for (; base < top; base += entry)
		rmm_rim_add_ripas(&d->out->rim, base, base + entry);
}

static void add_step(struct description *d, struct yaml_node *node)
{
	struct key_reader r;

	if (!begin(d, &r, node, "step"))
		return;
	struct yaml_node *ripas = keys_node(&r, "ripas", KEY_OPTIONAL);
	struct yaml_node *data = keys_node(&r, "data", KEY_OPTIONAL);
	struct yaml_node *rec = keys_node(&r, "rec", KEY_OPTIONAL);
	keys_end(&r);
	if ((ripas != NULL) + (data != NULL) + (rec != NULL) != 1) {
		abi_error(d->diag, node->loc, "a step is one of ripas, data and rec");
		abi_remedy(d->diag, "write one step a list item: their order counts");
		return;
	}
	if (ripas != NULL)
		add_ripas(d, ripas);
	else if (data != NULL)
		add_data(d, data);
	else
		add_rec(d, rec);
}

static void read_description(struct description *d, struct yaml_node *root,
			     const struct rim_overrides *overrides)
{
	struct key_reader r;

	if (!begin(d, &r, root, "realm description"))
		return;
	read_version(d, &r, overrides);
	read_profile(d, &r, overrides);
	struct yaml_node *params = keys_node(&r, "params", KEY_REQUIRED);
	const struct yaml_node *steps = keys_list(&r, "steps", KEY_REQUIRED);
	keys_end(&r);
	if (params == NULL || steps == NULL || !begin_rim(d, params))
		return;
	for (size_t i = 0; i < steps->items.n; i++)
		add_step(d, steps->items.v[i]);
}

static void load(struct description *d, const struct rim_overrides *overrides)
{
	struct abi_source source = {0};
	const enum abi_source_status status = abi_source_read(d->path, d->arena, d->diag, &source);
	struct yaml_node *root;

	if (status == ABI_SOURCE_UNREADABLE) {
		abi_io_error(d->diag, d->path, "%s", source.why);
		abi_remedy(d->diag, "name a file that exists and can be read");
	}
	if (status != ABI_SOURCE_OK)
		return;
	root = yaml_node_parse(d->path, source, d->arena, d->diag);
	if (root != NULL)
		read_description(d, root, overrides);
}

int rim_describe(const char *path, const struct rim_overrides *overrides,
		 struct rim_prediction *out)
{
	struct description d = {
		.path = path,
		.arena = abi_arena_new(),
		.diag = abi_diag_new(),
		.out = out,
	};
	int status = CLI_OK;

	load(&d, overrides);
	if (abi_diag_exit_status(d.diag) != 0) {
		abi_diag_print(d.diag, stderr);
		status = CLI_BAD_INPUT;
	}
	abi_diag_free(d.diag);
	abi_arena_free(d.arena);
	return status;
}
