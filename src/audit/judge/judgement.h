/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a check states its judgement of what was heard. Texts are allocated in the result's arena.
 */
#ifndef ARPAUDIT_AUDIT_JUDGE_JUDGEMENT_H
#define ARPAUDIT_AUDIT_JUDGE_JUDGEMENT_H

#include "arpaudit/arena.h"
#include "arpaudit/result.h"
#include "audit/facts/check.h"
#include "audit/facts/claims.h"
#include "audit/facts/evidence.h"
#include "audit/judge/remedy.h"

/* The findings of one host, or of one VIP as a whole. They grow in the arena. */
struct findings {
	struct finding *finding;
	size_t count, capacity;
};

/* The judgement of one check on one pair of host and VIP. */
struct judgement {
	struct arena *arena;
	struct check_result *result;
	struct findings *findings;
	size_t failure; /* the finding of judge_fail(): judge_explain() completes it */
	const char *id;
	const char *host; /* the name of the host in remedies: its RIP */
	const char *vip;
	const char *segment; /* remedy_case.segment */
};

/* The judgement of a VIP as a whole. */
struct vip_judgement {
	struct arena *arena;
	struct findings *findings;
	const char *vip;
	const char *segment;                  /* remedy_case.segment */
	const struct gateway_result *gateway; /* vip_result.gateway, from the check gateway */
};

/* Why a bound was not reached, if frames are lost. */
extern const struct cause judge_loss;

/* A cause is borrowed: it must outlive the result. So it is a constant beside the check. */
void judge_skip(struct judgement *judgement, const char *reason);
/* `bound` as in check_result.false_pass_bound. */
void judge_pass(struct judgement *judgement, uint32_t confirmations, double bound);
/* `remedy` says what to do about it, or is "". */
void judge_inconclusive(struct judgement *judgement, const struct cause *cause,
    uint32_t confirmations, double bound, const char *reason, const char *remedy);
/* `evidence` may be NULL. */
void judge_fail(struct judgement *judgement, const struct cause *cause, const char *message,
    const char *remedy, const struct kept_frame *evidence);
/* Fails the check without a message. explain() gives the message once all checks have judged. */
void judge_fail_unexplained(struct judgement *judgement, const struct kept_frame *evidence);
void judge_explain(struct judgement *judgement, const struct cause *cause, const char *message,
    const char *remedy);
/* Explains the failure if the host claims the VIP by gratuitous ARP only, by replies (`reply`) or
 * by requests. Otherwise it returns false. */
bool judge_explain_announcer(
    const struct pair *pair, bool reply, const struct remedy_case *of, struct judgement *judgement);
void judge_vip(struct vip_judgement *judgement, const char *id, const struct cause *cause,
    enum severity severity, const char *message, const char *remedy,
    const struct kept_frame *evidence);
/* The same with two frames: what was sent, if its octets are known, and what was heard. */
void judge_vip_exchange(struct vip_judgement *judgement, const char *id, const struct cause *cause,
    enum severity severity, const char *message, const char *remedy, const struct kept_frame *sent,
    const struct kept_frame *heard);

/* Reasons that several checks share: the host was not heard or was lost, the audit ended early, or
 * captures were lost. If one of them applies, judges by it and returns true. */
bool judge_unheard(const struct facts *facts, uint32_t host, struct judgement *judgement);
/* The same for a named director of which too little was heard to tell its MAC. */
bool judge_unheard_director(const struct facts *facts, uint32_t host, struct judgement *judgement);
/* The host is a named director whose claim found no place among those of others (owner/doubt.h). */
void judge_crowded_out(struct judgement *judgement);
/* Inconclusive, because only a proxy answers for the host; true if so. */
bool judge_hidden(const struct facts *facts, uint32_t host, struct judgement *judgement);
/* Inconclusive, because only one relayed claim names the host. */
void judge_relayed(struct judgement *judgement);
/* Inconclusive, because only a MAC that the host is not known by (host_is_known_by()) is at fault.
 * `does` says what that MAC does. */
void judge_doubtful(struct judgement *judgement, const char *does);
/* Inconclusive, because the host may be the VIP's director. `does` says what it does with the VIP.
 */
void judge_may_be_director(const struct pair *pair, struct judgement *judgement, const char *does);
/* Why a bound was not reached: what the segment loses on the path. */
const char *judge_loss_reason(
    const struct facts *facts, struct judgement *judgement, enum path path, double reached);
/* What to do if the audit ended early, and if a bound was not reached. The text mentions the
 * deadline only if one was set. Otherwise a signal or a failure ended the audit. */
const char *judge_more_time(const struct facts *facts);
const char *judge_less_loss(const struct facts *facts);

/* The host whose own MAC it is, or NONE: not one that only this MAC, a proxy's, answers for. */
uint32_t judge_named_host(const struct facts *facts, const struct mac *mac);
/* The claimant's address, if it is known. */
struct address judge_claimant_ip(const struct facts *facts, const struct claimant *claimant);
/* The name of a claimant in texts: its MAC, its address and VRRP virtual router, and the MAC that
 * sent the frames if that is another. */
const char *judge_claimant_name(
    const struct facts *facts, struct arena *arena, const struct claimant *claimant);
/* For check.explain: the outcome of another of the host's checks. */
enum check_outcome judge_outcome(const struct host_result *result, const char *name);
/* For check.explain: what is known of the host, once vip-reply and vip-source have judged. */
struct remedy_case judge_remedy_case(
    const struct pair *pair, const struct host_result *result, const struct judgement *judgement);

#endif
