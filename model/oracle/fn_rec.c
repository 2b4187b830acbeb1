/* SPDX-License-Identifier: BSD-3-Clause */
/* RECs and PSCI (2.0-bet0 B3.35, B3.49, B3.86, B3.87, B3.103 to B3.109, B3.138). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/image.h"
#include "oracle/objects.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define FID_CPU_ON_32 UINT64_C(0x84000003)
#define FID_CPU_ON_64 UINT64_C(0xc4000003)

static uint64_t pending_label(enum rec_pending pending)
{
	switch (pending) {
	case REC_PENDING_PSCI:
		return ORACLE_REC_PENDING_PSCI;
	case REC_PENDING_HOST_CALL:
		return ORACLE_REC_PENDING_HOST_CALL;
	default:
		return ORACLE_REC_PENDING_NONE;
	}
}

void oracle_rec(uint64_t pa, const struct rmm_rec *from, struct oracle_RmmRec *to)
{
	to->pa = pa;
	to->owner = from->owner;
	to->flags.runnable = from->runnable ? ORACLE_RUNNABLE : ORACLE_NOT_RUNNABLE;
	to->mpidr = from->mpidr;
	to->state = from->running ? ORACLE_REC_RUNNING : ORACLE_REC_READY;
	to->pending = pending_label(from->pending);
	to->emulatable_abort = from->abort == REC_ABORT_EMULATABLE ? ORACLE_EMULATABLE_ABORT
								   : ORACLE_NOT_EMULATABLE_ABORT;
	memcpy(to->gprs, from->vcpu.x, sizeof(from->vcpu.x));
	to->pc = from->vcpu.pc;
	for (unsigned int i = 0; i < from->num_aux && i < 16; i++)
		to->aux[i] = from->aux[i];
	to->attest_state = from->attestation.in_progress ? ORACLE_ATTEST_IN_PROGRESS
							 : ORACLE_NO_ATTEST_IN_PROGRESS;
	to->ripas_addr = from->ripas_addr;
	to->ripas_top = from->ripas_top;
	to->ripas_value = from->ripas_value;
	to->ripas_destroyed =
		from->ripas_destroyed ? ORACLE_CHANGE_DESTROYED : ORACLE_NO_CHANGE_DESTROYED;
}

const struct oracle_RmmRec *oracle_fn_RecAt(struct oracle_env *env, uint64_t addr_)
{
	const struct rmm_rec *from = view_rec(env->sys, addr_);
	struct oracle_RmmRec *rec = oracle_alloc(env, sizeof(*rec));

	if (!rec)
		return oracle_nothing;
	if (from)
		oracle_rec(addr_, from, rec);
	else
		oracle_ill_formed(env);
	return rec;
}

const uint8_t *oracle_fn_RmiRecParamsAt(struct oracle_env *env, uint64_t addr_)
{
	return oracle_image(env, addr_);
}

const uint8_t *oracle_fn_RmiRecRunAt(struct oracle_env *env, uint64_t addr_)
{
	return oracle_image(env, addr_);
}

/* ---- MPIDR --------------------------------------------------------------------------- */

/* RmiRecMpidr: Aff0 at [3:0], Aff1 at [15:8], Aff2 at [23:16], Aff3 at [31:24]. */
bool oracle_fn_MpidrEqual(struct oracle_env *env, uint64_t mpidr1_, uint64_t mpidr2_)
{
	const uint64_t mask = UINT64_C(0xffffff0f);

	(void)env;
	return (mpidr1_ & mask) == (mpidr2_ & mask);
}

bool oracle_fn_MpidrIsWellFormed(struct oracle_env *env, uint64_t mpidr_)
{
	(void)env;
	return (mpidr_ & ~UINT64_C(0xffffff0f)) == 0;
}

oracle_int oracle_fn_RecIndex(struct oracle_env *env, uint64_t mpidr_)
{
	(void)env;
	const oracle_int aff0 = mpidr_ & 0xf;
	const oracle_int aff1 = mpidr_ >> 8 & 0xff;
	const oracle_int aff2 = mpidr_ >> 16 & 0xff;
	const oracle_int aff3 = mpidr_ >> 24 & 0xff;

	return aff0 + 16 * (aff1 + 256 * (aff2 + 256 * aff3));
}

oracle_int oracle_fn_RecAuxCount(struct oracle_env *env, uint64_t rd_)
{
	(void)rd_;
	return (oracle_int)env->sys->config.rec_aux_granules;
}

/* ---- auxiliary granules of 1.0-rel0 --------------------------------------------------- */

static bool aux_count_ok(struct oracle_env *env, oracle_int count)
{
	if (count < 0 || count > 16)
		return oracle_ill_formed(env);
	return true;
}

bool oracle_fn_AuxAligned(struct oracle_env *env, const uint64_t *aux_, oracle_int count_)
{
	if (!aux_count_ok(env, count_))
		return false;
	for (oracle_int i = 0; i < count_; i++)
		if (aux_[i] % VIEW_GRANULE)
			return false;
	return true;
}

bool oracle_fn_AuxAlias(struct oracle_env *env, uint64_t rec_, const uint64_t *aux_,
			oracle_int count_)
{
	if (!aux_count_ok(env, count_))
		return false;
	for (oracle_int i = 0; i < count_; i++) {
		if (aux_[i] == rec_)
			return true;
		for (oracle_int k = 0; k < i; k++)
			if (aux_[i] == aux_[k])
				return true;
	}
	return false;
}

bool oracle_fn_AuxEqual(struct oracle_env *env, const uint64_t *aux1_, const uint64_t *aux2_,
			oracle_int count_)
{
	return aux_count_ok(env, count_) &&
	       memcmp(aux1_, aux2_, (size_t)count_ * sizeof(*aux1_)) == 0;
}

bool oracle_fn_AuxStateEqual(struct oracle_env *env, const uint64_t *aux_, oracle_int count_,
			     uint64_t state_)
{
	if (!aux_count_ok(env, count_))
		return false;
	for (oracle_int i = 0; i < count_; i++)
		if (!oracle_fn_PaIsDelegable(env, aux_[i]) ||
		    oracle_fn_GranuleAt(env, aux_[i])->state != state_)
			return false;
	return true;
}

/* ---- entry and exit --------------------------------------------------------------------- */

/* ICH_LR<n>_EL2: vINTID at [31:0], HW at 61, State at [63:62]. */
#define LIST_HW          (UINT64_C(1) << 61)
#define LIST_STATE_SHIFT 62
#define LIST_ID          UINT64_C(0xffffffff)

/* Since 2.0 the host loads the list registers of the PE itself. */
bool oracle_fn_Gicv3ConfigIsValid(struct oracle_env *env)
{
	const uint64_t *lr = env->sys->pes[env->pe].vgic.lr;

	bool idle = false;

	for (unsigned int i = 0; i < RMM_NUM_LRS; i++) {
		if (lr[i] & LIST_HW && lr[i] >> LIST_STATE_SHIFT)
			return false;
		idle |= (lr[i] & LIST_HW) != 0;
	}
	/* The text says every register, others only those that hold an interrupt. */
	return idle ? oracle_unknown(env) : true;
}

/* ICH_HCR_EL2: UIE, LRENPIE, NPIE, VGrp0EIE, VGrp0DIE, VGrp1EIE, VGrp1DIE, TDIR. */
#define HCR_PERMITTED  UINT64_C(0x40fe)
/* What a valid list register holds: State, Group, Priority[7:3], EOI at 41, vINTID. */
#define LIST_PERMITTED UINT64_C(0xd0f80200ffffffff)

static bool intid_is_implemented(uint64_t id)
{
	const bool sgi_ppi_spi = id <= 1019;
	const bool extended = (id >= 1056 && id <= 1119) || (id >= 4096 && id <= 5119);
	const bool lpi = id >= 8192 && id <= 65535;

	return sgi_ppi_spi || extended || lpi;
}

/* Until 1.0-rel0 the host gives them with the entry (A6.1). */
bool oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(struct oracle_env *env, oracle_int hcr_,
						 const uint64_t *lrs_)
{
	(void)env;
	if ((uint64_t)hcr_ & ~HCR_PERMITTED)
		return false;
	for (unsigned int i = 0; i < RMM_NUM_LRS; i++) {
		if (!(lrs_[i] >> LIST_STATE_SHIFT))
			continue;
		if (lrs_[i] & ~LIST_PERMITTED || !intid_is_implemented(lrs_[i] & LIST_ID))
			return false;
		for (unsigned int k = 0; k < i; k++)
			if (lrs_[k] >> LIST_STATE_SHIFT &&
			    (lrs_[k] & LIST_ID) == (lrs_[i] & LIST_ID))
				return false;
	}
	return true;
}

bool oracle_fn_Gicv3ListHasDuplicates(struct oracle_env *env)
{
	const uint64_t *lr = env->sys->pes[env->pe].vgic.lr;

	for (unsigned int i = 0; i < RMM_NUM_LRS; i++)
		for (unsigned int k = 0; k < i; k++)
			if (lr[i] >> LIST_STATE_SHIFT && lr[k] >> LIST_STATE_SHIFT &&
			    (lr[i] & LIST_ID) == (lr[k] & LIST_ID))
				return true;
	return false;
}

bool oracle_fn_RecExitedAtUnprotectedIpa(struct oracle_env *env, const struct oracle_RmmRec *rec_)
{
	const struct rmm_rec *rec = view_rec(env->sys, rec_->pa);

	return rec && (rec->abort == REC_ABORT_EMULATABLE || rec->abort == REC_ABORT_UNPROTECTED);
}

static void decode_exit(const struct oracle_env *env, const uint8_t *image,
			struct rmi_rec_exit *exit)
{
	rmi_rec_exit_decode(env->version, image, exit);
}

/* An abort in the lower EL's data that a host can take over: ISV is set. */
#define ESR_EC_SHIFT 26
#define EC_DABT      UINT64_C(0x24)
#define ESR_ISV      (UINT64_C(1) << 24)

bool oracle_fn_RecExitIsEmulatable(struct oracle_env *env, const uint8_t *exit_)
{
	struct rmi_rec_exit exit;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	decode_exit(env, exit_, &exit);
	return exit.exit_reason == RMI_EXIT_SYNC && (exit.esr >> ESR_EC_SHIFT & 0x3f) == EC_DABT &&
	       (exit.esr & ESR_ISV);
}

bool oracle_fn_RecExitIsRecorded(struct oracle_env *env, const uint8_t *exit_,
				 const struct oracle_RmmRec *rec_)
{
	struct rmi_rec_exit exit;

	if (env->fault != ORACLE_NO_FAULT)
		return false;
	decode_exit(env, exit_, &exit);
	switch (exit.exit_reason) {
	case RMI_EXIT_PSCI:
		return rec_->pending == ORACLE_REC_PENDING_PSCI || exit.gprs[0] != 0;
	case RMI_EXIT_HOST_CALL:
		return rec_->pending == ORACLE_REC_PENDING_HOST_CALL;
	case RMI_EXIT_RIPAS_CHANGE:
		return exit.ripas_base < exit.ripas_top && exit.ripas_base == rec_->ripas_addr &&
		       exit.ripas_top == rec_->ripas_top;
	case RMI_EXIT_SYNC:
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
	case RMI_EXIT_SERROR:
		return true;
	default:
		return oracle_unknown(env);
	}
}

/* ---- PSCI ---------------------------------------------------------------------------------- */

uint64_t oracle_fn_PsciReturnCodeEncode(struct oracle_env *env, uint64_t code_)
{
	(void)env;
	return code_;
}

static bool is_cpu_on(const struct oracle_env *env, uint64_t fid)
{
	return fid == FID_CPU_ON_64 ||
	       (fid == FID_CPU_ON_32 && rmm_behaves(env->sys, RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED));
}

bool oracle_fn_PsciReturnCodePermitted(struct oracle_env *env, const struct oracle_RmmRec *calling_,
				       const struct oracle_RmmRec *target_, uint64_t code_)
{
	return code_ == PSCI_SUCCESS ||
	       (code_ == PSCI_DENIED && is_cpu_on(env, calling_->gprs[0]) &&
		target_->flags.runnable != ORACLE_RUNNABLE);
}

const struct oracle_RmmRec *oracle_fn_PsciTargetRec(struct oracle_env *env,
						    const struct oracle_RmmRec *calling_)
{
	const struct rmm_realm *realm = view_realm(env->sys, calling_->owner);
	uint64_t at = realm ? realm->first_rec : 0;
	const uint64_t mpidr =
		(calling_->gprs[1] & UINT64_C(0xffffff)) | (calling_->gprs[1] >> 32 & 0xff) << 24;

	for (const struct rmm_rec *rec; at && (rec = view_rec(env->sys, at)); at = rec->next)
		if (oracle_fn_MpidrEqual(env, rec->mpidr, mpidr))
			return oracle_fn_RecAt(env, at);
	/* Destroyed since the realm named it: no text says what happens then. */
	oracle_unknown(env);
	return oracle_nothing;
}
