/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a check states its judgement of what the engine saw. Texts are allocated in the result's
 * arena.
 */
#ifndef ARPAUDIT_JUDGE_H
#define ARPAUDIT_JUDGE_H

#include "arpaudit/engine.h"
#include "arpaudit/remedy.h"

/* Of one host, or of one VIP as a whole: there is room for a finding and a note on each claimant.
 */
#define FINDINGS_MAX (2 * CLAIMANTS_MAX + 16)

struct findings {
	struct finding finding[FINDINGS_MAX];
	size_t count;
};

/* Of one check on one pair. */
struct judgement {
	struct arena *arena;
	struct check_result *result;
	struct findings *findings;
	const char *id;
	const char *host; /* how the host is called in remedies: its RIP */
	const char *vip;
	const char *segment; /* remedy_case.segment */
};

/* Of a VIP as a whole. */
struct vip_judgement {
	struct arena *arena;
	struct findings *findings;
	const char *vip;
	const char *segment; /* remedy_case.segment */
};

void judge_skip(struct judgement *judgement, const char *reason);
/* `bound` as in check_result.false_pass_bound. */
void judge_pass(struct judgement *judgement, uint32_t confirmations, double bound);
/* `remedy` is what to do about it, "" for nothing. */
void judge_inconclusive(struct judgement *judgement, uint32_t confirmations, double bound,
    const char *reason, const char *remedy);
/* `evidence` may be NULL. */
void judge_fail(struct judgement *judgement, const char *message, const char *remedy,
    const struct kept_frame *evidence);
void judge_vip(struct vip_judgement *judgement, const char *id, enum severity severity,
    const char *message, const char *remedy, const struct kept_frame *evidence);

/* claimants.c: how a claimant is called in texts: its MAC, its address and VRRP virtual router, and
 * the MAC whose frames name it, where that is another. */
const char *claimant_name(
    const struct audit *audit, struct arena *arena, const struct claimant *claimant);
/* Who claims the VIP besides its owner, and how the owners do. */
void judge_claimants(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement);

/* Reasons that several checks share: the host was not heard, was lost, or the audit ended early.
 * Judges and returns true when one of them applies. */
bool judge_unheard(const struct audit *audit, uint32_t host, struct judgement *judgement);

/* Judges a check by whose lights one relayed claim names the host: claim_counts(). */
void judge_relayed(struct judgement *judgement);
/* Judges one by whose lights only a MAC that the host is not known by (host_is_known_by()) `does`
 * what it must not. */
void judge_doubtful(struct judgement *judgement, const char *does);

/* Why a bound was not reached: what the segment loses on the path. */
const char *judge_loss_reason(
    const struct audit *audit, struct judgement *judgement, enum path path, double reached);

/* What to do when the audit ended early, and when a bound was not reached. Of a deadline only where
 * one was set: else it was a signal or a failure that ended the audit. */
const char *judge_more_time(const struct audit *audit);
const char *judge_less_loss(const struct audit *audit);

/* Replaces what judge_fail() said. */
void judge_explain(struct judgement *judgement, const char *message, const char *remedy);
/* For check.explain: what is known of the host, once vip-reply and vip-source have judged. */
struct remedy_case judge_remedy_case(const struct audit *audit, uint32_t host, uint32_t vip,
    const struct host_result *result, const struct judgement *judgement);

#endif
