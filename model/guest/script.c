/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The scripted guest. It keeps next to nothing: where it is stands in the
 * vCPU's PC, what it computed in the vCPU's registers.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/guest.h"

#define STEP_BYTES    4u

/* A vector is 0x80 bytes: synchronous, IRQ, FIQ, SError. */
#define VECTOR_KIND   0x180u
#define VECTOR_SERROR 0x180u
#define PSTATE_DAIF   UINT64_C(0x3c0)

/* A guest of one REC, known by realm and MPIDR before the REC exists. */
struct guest {
	struct guest *next;
	uint64_t rd;
	uint64_t mpidr;
	const struct rmm_script *script;
	uint64_t entry_pc;
	bool started;
	struct rmm_script_status status;
};

struct rmm_scripts {
	pthread_mutex_t lock; /* for adding to the list, which only grows */
	struct guest *guests;
};

int rmm_scripts_create(struct rmm_scripts **out)
{
	if (!out)
		return -1;
	*out = calloc(1, sizeof(**out));
	if (*out)
		pthread_mutex_init(&(*out)->lock, NULL);
	return *out ? 0 : -1;
}

void rmm_scripts_destroy(struct rmm_scripts *scripts)
{
	if (!scripts)
		return;
	for (struct guest *guest = scripts->guests; guest;) {
		struct guest *next = guest->next;

		free(guest);
		guest = next;
	}
	pthread_mutex_destroy(&scripts->lock);
	free(scripts);
}

static struct guest *find(const struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr)
{
	struct guest *guest = __atomic_load_n(&scripts->guests, __ATOMIC_ACQUIRE);

	while (guest && (guest->rd != rd || guest->mpidr != mpidr))
		guest = guest->next;
	return guest;
}

static struct guest *add(struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr)
{
	struct guest *guest = calloc(1, sizeof(*guest));

	if (!guest)
		return NULL;
	guest->rd = rd;
	guest->mpidr = mpidr;
	guest->next = scripts->guests;
	__atomic_store_n(&scripts->guests, guest, __ATOMIC_RELEASE);
	return guest;
}

static struct guest *find_or_add(struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr)
{
	pthread_mutex_lock(&scripts->lock);
	struct guest *guest = find(scripts, rd, mpidr);
	if (!guest)
		guest = add(scripts, rd, mpidr);
	pthread_mutex_unlock(&scripts->lock);
	return guest;
}

int rmm_scripts_bind(struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr,
		     const struct rmm_script *script)
{
	struct guest *guest = scripts ? find_or_add(scripts, rd, mpidr) : NULL;

	if (!guest)
		return -1;
	guest->script = script;
	guest->started = false;
	memset(&guest->status, 0, sizeof(guest->status));
	return 0;
}

bool rmm_scripts_status(const struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr,
			struct rmm_script_status *status)
{
	const struct guest *guest = scripts && status ? find(scripts, rd, mpidr) : NULL;

	if (!guest)
		return false;
	*status = guest->status;
	return true;
}

/* ---- execution ------------------------------------------------------------------ */

static void *attach(void *machine, uint64_t rd, uint64_t rec, uint64_t mpidr)
{
	/* The script may be bound later. */
	struct guest *guest = find_or_add(machine, rd, mpidr);

	(void)rec;
	if (guest)
		guest->started = false;
	return guest;
}

static void advance(struct rmm_vcpu *vcpu)
{
	vcpu->pc += STEP_BYTES;
}

/*
 * The vectors of interrupts: the handler leaves interrupts masked, so that the
 * script itself can find out what is pending.
 */
static void return_from_interrupt(struct guest *guest, struct rmm_vcpu *vcpu)
{
	guest->status.interrupts++;
	if ((vcpu->pc & VECTOR_KIND) == VECTOR_SERROR)
		guest->status.last_esr = vcpu->esr_el1;
	vcpu->pc = vcpu->elr_el1;
	vcpu->pstate = vcpu->spsr_el1 | PSTATE_DAIF;
}

/*
 * An exception was injected: the PC is in the vectors. The script's handler
 * remembers it and goes on behind the step that faulted.
 */
static void return_from_exception(struct guest *guest, struct rmm_vcpu *vcpu)
{
	if ((vcpu->pc & VECTOR_KIND) != 0) {
		return_from_interrupt(guest, vcpu);
		return;
	}
	guest->status.aborts++;
	guest->status.last_esr = vcpu->esr_el1;
	guest->status.last_far = vcpu->far_el1;
	vcpu->pc = vcpu->elr_el1 + STEP_BYTES;
	vcpu->pstate = vcpu->spsr_el1;
}

static bool in_vectors(const struct guest *guest, const struct rmm_vcpu *vcpu)
{
	const uint64_t offset = vcpu->pc - vcpu->vbar_el1;
	const uint64_t step = (vcpu->pc - guest->entry_pc) / STEP_BYTES;

	return offset < 0x800 && vcpu->elr_el1 && step > guest->script->num_steps;
}

static uint64_t read_reg(const struct rmm_vcpu *vcpu, uint8_t reg)
{
	return reg < RMM_NUM_GPRS ? vcpu->x[reg] : 0;
}

static void write_reg(struct rmm_vcpu *vcpu, uint8_t reg, uint64_t value)
{
	if (reg < RMM_NUM_GPRS)
		vcpu->x[reg] = value;
}

/* The first failure is the one that counts. */
static void fail(struct guest *guest, uint64_t value)
{
	if (guest->status.failed)
		return;
	guest->status.failed = true;
	guest->status.failed_step = guest->status.next_step;
	guest->status.failed_value = value;
}

/* Steps that touch nothing but registers: true when this was one. */
static bool run_local(struct guest *guest, struct rmm_vcpu *vcpu,
		      const struct rmm_script_step *step)
{
	switch (step->op) {
	case RMM_SCRIPT_SET_REG:
		write_reg(vcpu, step->reg, step->value);
		break;
	case RMM_SCRIPT_EXPECT_REG:
		if ((read_reg(vcpu, step->reg) & step->mask) != step->value)
			fail(guest, read_reg(vcpu, step->reg));
		break;
	case RMM_SCRIPT_EXPECT_VIRQ:
		if (vcpu->virq != (step->value != 0))
			fail(guest, vcpu->virq);
		break;
	case RMM_SCRIPT_JUMP:
		vcpu->pc = guest->entry_pc + step->value * STEP_BYTES;
		return true;
	default:
		return false;
	}
	advance(vcpu);
	return true;
}

static void access_event(struct rmm_guest_event *event, const struct rmm_script_step *step)
{
	event->kind = step->op == RMM_SCRIPT_FETCH ? RMM_GUEST_FETCH : RMM_GUEST_ACCESS;
	event->ipa = step->ipa;
	event->va = step->ipa;
	event->size = step->size;
	event->write = step->op == RMM_SCRIPT_STORE || step->op == RMM_SCRIPT_STORE_VALUE;
	event->syndrome = !step->no_syndrome;
	event->sign_extend = step->sign_extend;
	event->sixty_four = !step->narrow;
	event->reg = step->reg;
}

static void wait_event(struct rmm_vcpu *vcpu, struct rmm_guest_event *event,
		       const struct rmm_script_step *step)
{
	const bool wfe = step->op == RMM_SCRIPT_WFE || step->op == RMM_SCRIPT_WFET;

	event->kind = wfe ? RMM_GUEST_WFE : RMM_GUEST_WFI;
	event->timed = step->op == RMM_SCRIPT_WFIT || step->op == RMM_SCRIPT_WFET;
	event->reg = step->reg;
	if (event->timed)
		write_reg(vcpu, step->reg, step->value);
}

static void sysreg_event(struct rmm_vcpu *vcpu, struct rmm_guest_event *event,
			 const struct rmm_script_step *step)
{
	event->kind = RMM_GUEST_SYSREG;
	event->sysreg = step->sysreg;
	event->write = step->op != RMM_SCRIPT_MRS;
	event->reg = step->reg;
	if (step->op == RMM_SCRIPT_MSR_VALUE)
		write_reg(vcpu, step->reg, step->value);
}

static void call_event(struct rmm_vcpu *vcpu, struct rmm_guest_event *event,
		       const struct rmm_script_step *step)
{
	for (unsigned int i = 0; i < step->num_args && i < RMM_SCRIPT_MAX_ARGS; i++)
		vcpu->x[i] = step->args[i];
	event->kind = step->op == RMM_SCRIPT_HVC ? RMM_GUEST_HVC : RMM_GUEST_SMC;
	event->imm = step->imm;
}

static void step_event(struct rmm_vcpu *vcpu, struct rmm_guest_event *event,
		       const struct rmm_script_step *step)
{
	switch (step->op) {
	case RMM_SCRIPT_STORE_VALUE:
		write_reg(vcpu, step->reg, step->value);
		access_event(event, step);
		break;
	case RMM_SCRIPT_LOAD:
	case RMM_SCRIPT_STORE:
	case RMM_SCRIPT_FETCH:
		access_event(event, step);
		break;
	case RMM_SCRIPT_EXTERNAL_ABORT:
		event->kind = RMM_GUEST_EXTERNAL_ABORT;
		event->va = step->ipa;
		event->esr = step->value;
		break;
	case RMM_SCRIPT_SMC:
	case RMM_SCRIPT_HVC:
		call_event(vcpu, event, step);
		break;
	case RMM_SCRIPT_WFI:
	case RMM_SCRIPT_WFE:
	case RMM_SCRIPT_WFIT:
	case RMM_SCRIPT_WFET:
		wait_event(vcpu, event, step);
		break;
	case RMM_SCRIPT_MRS:
	case RMM_SCRIPT_MSR:
	case RMM_SCRIPT_MSR_VALUE:
		sysreg_event(vcpu, event, step);
		break;
	case RMM_SCRIPT_WORK:
		event->kind = RMM_GUEST_NOTHING;
		event->instructions += step->value;
		advance(vcpu);
		break;
	default:
		event->kind = RMM_GUEST_WAIT;
		advance(vcpu);
		break;
	}
}

static void run(void *opaque, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	struct guest *guest = opaque;

	if (!guest->script) {
		event->kind = RMM_GUEST_END;
		return;
	}
	if (!guest->started) {
		guest->started = true;
		guest->entry_pc = vcpu->pc;
	}
	if (in_vectors(guest, vcpu))
		return_from_exception(guest, vcpu);
	/* Local steps in a row, but not for ever: a script may jump in circles. */
	for (size_t n = 0; n <= guest->script->num_steps; n++) {
		const uint64_t index = (vcpu->pc - guest->entry_pc) / STEP_BYTES;

		guest->status.next_step = index;
		guest->status.ended = index >= guest->script->num_steps;
		if (guest->status.ended) {
			event->kind = RMM_GUEST_END;
			return;
		}
		event->instructions++;
		if (run_local(guest, vcpu, &guest->script->steps[index]))
			continue;
		step_event(vcpu, event, &guest->script->steps[index]);
		return;
	}
	event->kind = RMM_GUEST_NOTHING;
}

const struct rmm_guest_ops *rmm_scripts_ops(void)
{
	static const struct rmm_guest_ops ops = {.attach = attach, .run = run};

	return &ops;
}
