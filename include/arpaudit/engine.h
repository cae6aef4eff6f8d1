/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the engine: what it knows, as its own files and the checks see it.
 *
 * A *host* is one RIP of the plan. A *pair* is one VIP on one host: what most checks judge. Hosts
 * pass through stages, each a few frames and a wait:
 *
 *	resolve  broadcast who-has VIP and the broadcast fence who-has RIP, which tells the MAC
 *	source   packets that a holder of the VIP must answer, from addresses that it can't have
 *	         in its cache: it has to ask for them; while it waits for these addresses,
 *	         unicast rounds that leave it without the probe in its cache
 *	fence    a unicast round: who-has VIP and the fence who-has RIP; from then on the host has
 *	         the probe in its cache
 *	attempt  packets from the probe's own address, which it can answer without asking
 *	confirm  further rounds, until every silence is as sure as was asked
 *	done
 *
 * A *round* is who-has VIP, from the probe's address and from 0.0.0.0, and a fence behind it on the
 * same path. Both have to be asked: by proxy Linux answers only the former, and at arp_ignore 2,
 * with the VIP on the interface as a /32, only the latter. Rounds of a host are ROUND_GAP_US apart,
 * so that no burst of loss takes two of them. The rounds by broadcast are all hosts' together.
 *
 * The checks add probes and attempts, see every frame and judge; the engine sends, waits, repeats
 * and keeps the count of fenced silences.
 */
#ifndef ARPAUDIT_ENGINE_H
#define ARPAUDIT_ENGINE_H

#include "arpaudit/audit.h"
#include "arpaudit/pacing.h"
#include "arpaudit/random.h"

#define NONE UINT32_MAX /* no host, VIP, decoy or claimant */

#define HOST_MACS       4  /* MACs kept for one RIP: more than one is a finding in itself */
#define CLAIMANTS_MAX   20 /* MACs kept for one VIP; of further ones only the count */
#define CLAIMANTS_SPARE 4  /* of them, for named directors and virtual routers alone */
#define EVIDENCE_OCTETS 80
#define TRAIN_PAIR_MAX  3  /* of them, for one VIP */
#define TRAIN_MAX       8  /* probes for the VIPs ahead of one fence */
#define RESOLVE_TRIES   5  /* broadcasts without an answer, then a host is down */
#define FENCE_TRIES     8  /* fences in a row without an answer, then a host is lost */
#define RESOLVES_MAX    64 /* broadcast fences of a host that is there */
/* Requests to the owner of one VIP: one that is contested is left alone then. */
#define RESTORES_MAX      24
#define ROUNDS_MAX        64 /* by unicast, for one pair */
#define ROUND_GAP_US      40000
#define HEARD_OCTETS      8192
#define PROXY_DELAY_US    800000 /* Linux holds back proxied answers so long (proxy_delay) */
#define PROXY_ANSWERS_MIN 3      /* who answers for so many addresses drawn at random proxies ARP */
#define VOIDS_MAX         3 /* how often silences that lost captures made void are observed again */
/* Rounds of who-has VIP by broadcast: so many at the least; if the owners need one more, at once,
 * before it is known whether the hosts do; and at most, where only the owners need them. */
#define VIP_BROADCASTS       3
#define VIP_BROADCASTS_EARLY (VIP_BROADCASTS + 1)
#define VIP_BROADCASTS_MAX   64

/* A frame kept because a finding rests on it. */
struct kept_frame {
	uint64_t time_us, number;
	uint16_t length; /* 0: none kept */
	uint8_t bytes[EVIDENCE_OCTETS];
};

/* How a host is made to send: in this order. */
enum elicit_method {
	ELICIT_ECHO = 0,
	ELICIT_TCP_SERVICE, /* SYN to VIP:port, where a TCP port is known */
	ELICIT_TCP_CLOSED,  /* SYN to a port that is most likely closed */
	ELICIT_UDP,         /* datagram to a port that is most likely closed */
	ELICIT_METHODS,
};

/* The SPA of a who-has: what a host makes of it may depend on that. As bits 1 << kind. */
enum spa_kind {
	SPA_SOURCE = 0,  /* the probe's address: as a router */
	SPA_UNSPECIFIED, /* 0.0.0.0: as a host that detects address conflicts (RFC 5227) */
	SPA_OUTSIDE,     /* outside of every subnet: see infer.c */
};
#define SPA_KINDS 3

/* What an elicited host did, see check_vip_source. */
enum source_seen {
	SOURCE_UNSEEN = 0,
	SOURCE_CLEAN, /* broadcast a request for our fresh decoy, SPA not the VIP */
	SOURCE_VIP,   /* sent a request with SPA = VIP */
};

/* What came of a SYN to VIP:port. */
enum service_seen {
	SERVICE_UNSEEN = 0,
	SERVICE_OPEN,
	SERVICE_REFUSED,
};

struct pair {
	uint16_t silences; /* unicast rounds in which the fence was answered and the VIP was not */
	uint16_t rounds;   /* unicast rounds whose fence was answered */
	uint8_t pending;   /* kinds of SPA asked for the VIP ahead of the fence that is out */
	uint8_t answered;  /* kinds of SPA that were answered */
	uint8_t silent;    /* kinds of SPA that were not, by unicast, with a fence */
	bool replied;      /* an ARP reply for the VIP came from this host */
	/* Claims that name the host's MAC in a frame of another's, or another's in a frame of its:
	 * one alone may be a frame that was damaged on its way, or forged. */
	uint8_t relayed_replies, relayed_requests;
	bool bound;       /* an IP packet from the VIP came from this host */
	uint8_t bound_by; /* when bound, the enum elicit_method that brings such packets;
			     ELICIT_METHODS if none is known to */
	uint8_t source;   /* enum source_seen */
	uint8_t service;  /* enum service_seen */
	uint8_t bound_attempts, source_attempts, service_attempts;
	uint8_t unprompted_answers; /* IP answers to a decoy with no broadcast before them */
	struct kept_frame *reply_evidence, *source_evidence; /* NULL: none */
};

enum stage {
	STAGE_RESOLVE = 0,
	STAGE_SOURCE,
	STAGE_FENCE,
	STAGE_ATTEMPT,
	STAGE_CONFIRM,
	STAGE_DONE,
};

enum path {
	PATH_BROADCAST = 0,
	PATH_UNICAST,
	PATHS,
};

struct host {
	struct address rip;
	const char *name;
	struct mac mac[HOST_MACS]; /* the first answered first */
	uint8_t mac_count;         /* 0: not heard */
	/* How often they answered who-has RIP, with further MACs in the last place. */
	uint8_t mac_answers[HOST_MACS + 1];
	/* By which of them, for each kind of SPA, as bits 1 << place; and the first to do so. */
	uint8_t spa_macs[SPA_KINDS], spa_first[SPA_KINDS];
	uint8_t spa_again[SPA_KINDS]; /* of spa_macs, those that did so more than once */
	bool director;                /* named as one */
	bool listed;                  /* named as a real server */
	uint8_t stage;                /* enum stage */
	uint8_t tries;                /* fences in a row without an answer */
	uint8_t resolves;             /* broadcast fences sent */
	uint8_t unplanted;          /* fence rounds that left the host without the probe's entry */
	uint16_t answered, missed;  /* fences of this host alone */
	uint16_t broadcast_answers; /* of the answered ones, those by broadcast */
	/* The rounds of who-has VIP by broadcast (audit.vip_asked) before the first fence that it
	 * answered, and before the last: it has heard what came between them. */
	uint32_t vips_first, vips_last;
	bool lost; /* was there, then stopped answering */

	/* The fence that is out. Its SPA alternates between 0.0.0.0 and the probe's address, and
	 * the reply carries it back as TPA: so a late or doubled reply to the one before is told
	 * from the reply to this one. */
	bool fence_out;
	uint8_t fence_path;                     /* enum path */
	uint8_t fence_spa;                      /* enum spa_kind: SPA_UNSPECIFIED or SPA_SOURCE */
	uint8_t fences_answered, fences_missed; /* kinds of SPA, as bits */
	uint64_t fence_sent_us;
	uint64_t round_due_us; /* its next round, not before */
	uint32_t fence_vips;   /* audit.vip_asked when it went out */
	bool planted; /* has the probe in its cache: it answered a fence with its address */
	/* Who-has RIP from outside of every subnet: asked, and what came of it. */
	bool outside_asked, outside_answered, outside_silent;
	uint8_t voids; /* how often lost captures made its silences void */
	bool pooled;   /* its first rounds are in the estimate of loss, or it is slow */

	/* Next VIP of a train or of an attempt. */
	uint32_t cursor;
	/* The attempt that is out: on pair (attempt_vip, this host). */
	bool attempt_out;
	bool attempt_source; /* makes the host ask: for vip-source; else it need not: for vip-bound
			      */
	bool attempt_asked;  /* it has asked for the probe's address, by broadcast */
	struct address asked_as; /* the SPA, not its RIP, of its last request for a decoy */
	bool waiting;            /* for the decoys, the owners, or the other hosts' first rounds */
	uint8_t attempt_method;
	uint8_t attempt_tries;   /* attempts in a row without an answer */
	uint16_t attempt_number; /* ICMP sequence, and in the TCP sequence number */
	uint32_t attempt_decoy;  /* NONE: from the probe's own address */
	uint64_t attempt_sent_us;
	uint32_t decoys_used; /* from decoy_first on, modulo the pool's size */
	uint32_t decoy_first;
	uint32_t next_same_mac[HOST_MACS]; /* another host with that MAC, or NONE */
};

/* How a MAC is bound to the VIP. */
enum claim_kind {
	CLAIM_ANSWER = 0,         /* a reply to a question of the probe's */
	CLAIM_UNASKED,            /* a reply that nobody asked for, as far as the probe knows */
	CLAIM_GRATUITOUS_REPLY,   /* SPA = TPA */
	CLAIM_GRATUITOUS_REQUEST, /* SPA = TPA */
	CLAIM_REQUEST,            /* for another address, SPA = VIP */
	CLAIM_ADVERTISEMENT,      /* by VRRP: it names the VIP, and the sender's MAC has it */
	CLAIM_KINDS,
};

/* The DR signature of an owner, see signature.c. */
struct signature {
	uint8_t tries;     /* SYNs sent for VIP:port to the owner's MAC */
	uint8_t forwarded; /* of them, answered from another host's MAC */
	uint8_t own;       /* answered from the owner's own */
	uint8_t foreign;   /* answered from a MAC that no host is known by */
	bool routes;       /* a router's ICMP message came instead */
	bool out;          /* the last SYN waits for its answer */
	uint16_t port;     /* its source port */
	uint16_t number;   /* in its sequence number */
};

/* Who bound the VIP to a MAC, and how. */
struct claimant {
	struct mac mac;    /* SHA */
	struct address ip; /* a sender address of its own, when one was seen */
	uint32_t claims[CLAIM_KINDS];
	bool vrrp;          /* advertises the VIP by VRRP */
	bool leaked;        /* a packet of ours made it claim the VIP by broadcast */
	uint8_t first_kind; /* enum claim_kind of the first claim */
	uint64_t first_claim_us, last_claim_us, last_answer_us;
	/* Handed the VIP over, see handover.c: it answered, and is no owner any more. The questions
	 * are those since its last claim that were left unanswered; asked_us is the last one. */
	bool former;
	uint16_t silent_broadcasts, silent_unicasts;
	uint64_t asked_us;
	/* Who-has VIP sent to it, of whatever SPA, since the virtual router's master changed; and
	 * its answers before. */
	uint32_t unicasts_asked, answers_before;
	struct mac sender; /* another Ethernet source of its claims, mac_zero: none */
	struct signature signature;
	struct kept_frame evidence;       /* the first claim */
	struct kept_frame reply, request; /* the first claim by each */
	struct kept_frame relayed;        /* the first claim by another Ethernet source */
};

enum restore_state {
	RESTORE_NONE = 0, /* nothing leaked */
	RESTORE_DUE,      /* elicit the owner */
	RESTORE_WAIT,     /* for its broadcast */
	RESTORE_OVER,     /* leak_open tells whether in vain */
};

struct vip {
	struct address address;
	uint16_t port;
	uint8_t protocol;
	struct claimant claimant[CLAIMANTS_MAX];
	uint32_t claimant_count, claimants_lost;
	/* What owner_director() found, while `director_known`; a claim or a new MAC makes it look
	 * again. */
	bool director_known;
	uint32_t director;
	uint8_t director_proof; /* enum director_proof */

	/* Restoring the owner in the caches of the segment, see restore.c. */
	uint8_t restore; /* enum restore_state */
	bool leaked;     /* a broadcast claim, and not only a reply to the probe */
	bool leak_open;  /* and the owner has not claimed it back since */
	uint8_t restore_tries, restores, reply_restores;
	bool restore_speaks;       /* elicited, the owner has broadcast as the VIP */
	uint8_t restore_heard;     /* the owner's broadcasts that every cache could take */
	uint64_t restore_heard_us; /* the first of them */
	uint32_t restore_decoy;
	/* To whom, when that can't be told any more; NONE: it never could. */
	uint32_t restore_owner;
	uint64_t last_claim_us; /* by another than the owner */

	/* Asking anew who owns it, after a new claimant has come, see handover.c. */
	bool contested;
	uint8_t contests, contest_rounds;
	uint64_t contest_us; /* its start */
	/* The question that is out to the owner that came, by enum path; 0: none is. */
	uint64_t contest_asked_us;
	uint32_t contest_successor; /* whom it was put to; meanwhile it may have become another */
	uint8_t contest_path;

	uint8_t signature;        /* enum signature_state */
	uint8_t signature_silent; /* rounds of SYNs in a row without an answer */
	uint16_t signature_syns;
	uint64_t asked_us;         /* who-has VIP was last sent */
	uint32_t broadcasts_asked; /* by broadcast, of whatever SPA, since the master changed */

	/* Who advertises it by VRRP, see master.c: the last, and the one before. */
	struct address master, former_master;
	uint8_t master_vrid; /* 0: nobody */
	uint64_t master_heard_us, master_changed_us;
	uint32_t master_interval_us;
	bool master_resigned;    /* the master has said that it gives the VIP up */
	bool master_handed_over; /* each change so far was after that, or after a long silence */
	bool master_fell_silent; /* and one of them not after that */
	bool masters_contend;    /* one came back that had not gone */
};

enum signature_state {
	SIGNATURE_IDLE = 0, /* nothing is asked */
	SIGNATURE_DUE,      /* it may be asked for, when it is known who owns the VIP by ARP */
};

enum decoy_state {
	DECOY_CANDIDATE = 0, /* not asked for often enough, or too much is lost to call it free */
	DECOY_READY,
	DECOY_SPARE, /* free, but the user named others: asked for only by proxy-arp */
	DECOY_TAKEN, /* somebody was heard with it, or asks for it */
};

struct decoy {
	struct address address;
	uint8_t state;             /* enum decoy_state */
	uint8_t rounds;            /* probes sent for it */
	struct mac answered_by[2]; /* who answered for it, mac_zero: none */
};

/* Why a frame is sent: what happens once it has gone. */
enum purpose {
	PURPOSE_NONE = 0,
	PURPOSE_FENCE,   /* starts the host's fence timer */
	PURPOSE_ATTEMPT, /* starts the host's attempt timer */
	PURPOSE_TRAIN,   /* goes ahead of a fence or an attempt */
	PURPOSE_VIP,     /* broadcast who-has VIP: the answer may be proxied, and late */
	PURPOSE_DECOY,   /* broadcast who-has decoy: the same */
};

struct outgoing {
	struct frame frame;
	uint8_t purpose; /* enum purpose */
	uint32_t host;   /* of PURPOSE_FENCE and PURPOSE_ATTEMPT */
};

struct ring {
	struct outgoing *slot;
	uint32_t capacity, first, count;
};

enum lane {
	LANE_URGENT = 0, /* answers that stop a leak; unpaced */
	LANE_UNICAST,
	LANE_BROADCAST, /* broadcasts, and packets that make a host broadcast */
	LANES,
};

struct host_index;

struct audit {
	const struct plan_cluster *cluster;
	const struct plan_settings *settings;
	struct audit_segment segment;
	struct address source;  /* SPA of who-has probes */
	struct address outside; /* SPA outside of every subnet; ADDRESS_NONE: there is none */
	uint8_t source_rounds; /* RFC 5227 probes sent for it, when it is not the interface's own */
	struct mac source_owner; /* who answered them: then the audit does not take place */
	struct random random;
	uint64_t started_us;

	struct host *hosts; /* sorted by RIP */
	uint32_t host_count;
	struct vip *vips;
	uint32_t vip_count;
	struct pair *pairs; /* [host × vip_count + vip] */
	struct host_index *rips, *macs;
	struct kept_frame *kept; /* pool for the pairs' evidence */
	uint32_t kept_count, kept_capacity;

	struct decoy *decoys;
	uint64_t decoys_asked_us; /* their last probe */
	uint32_t decoy_count, decoy_capacity;
	uint32_t decoys_first; /* how many there were at the start; the others replace taken ones */
	uint32_t decoys_usable; /* from the first on; further ones are only asked for */
	bool decoys_decided;    /* no candidate will be asked for */
	bool decoys_confirming;
	uint8_t decoys_void;         /* how often lost captures made their silence void */
	uint8_t heard[HEARD_OCTETS]; /* the addresses that somebody was heard with, see decoy.c */

	uint8_t vips_wanted;   /* rounds that there have to be, whatever the hosts want */
	uint8_t reviews;       /* of hosts that did not answer */
	uint8_t vips_void;     /* how often lost captures made the owners' silence void */
	bool vips_due;         /* there will be another round */
	bool masters_listened; /* for as long as a VRRP advertisement should take */
	uint16_t attempt_number;
	uint32_t vip_asked; /* rounds of who-has VIP by broadcast so far */
	uint32_t vip_void;  /* of them, those before lost captures made their silences void */
	uint64_t vip_asked_us;
	uint64_t last_question_us; /* the last broadcast that may get a proxied, late answer */
	uint64_t last_fence_us;    /* the last fence of any host */

	struct ring ring[LANES];
	struct queue queue[LANES]; /* tasks: hosts, then VIPs, then the decoys */
	struct bucket rate, broadcast_rate;
	struct round_trip round_trip;
	struct loss loss[PATHS];

	uint32_t hosts_begun; /* so many, from the first on, have been asked or are about to be */
	uint64_t begun_us;
	uint32_t hosts_done, hosts_pooled;
	uint32_t hosts_planted; /* so many, from the first on, are past STAGE_FENCE */
	uint32_t leaks;
	uint64_t frames_sent, broadcasts_sent;
};

/* Does a check want a packet sent that the host must answer? */
enum want {
	WANT_NOTHING = 0,
	WANT_ATTEMPT,
	WANT_DECOYS, /* not before it is known which decoys are free */
	WANT_OWNER,  /* not before it is known who owns the VIP */
};

/* A packet to elicit an answer. */
struct attempt {
	enum elicit_method method;
	uint32_t decoy; /* its source; NONE: the probe's own address */
};

struct host_result;   /* result.h */
struct judgement;     /* judge.h */
struct vip_judgement; /* judge.h */

/* What a check contributes. Any function may be NULL. */
struct check {
	enum check_id id; /* CHECK_COUNT: of a VIP as a whole, not of a host */

	/* Adds this check's probes for a pair to a unicast train: each is one that a sound host
	 * leaves unanswered. Returns how many, at most TRAIN_PAIR_MAX, and adds the kinds of SPA
	 * that they ask with to `asked`. */
	uint32_t (*train)(const struct audit *audit, uint32_t host, uint32_t vip,
	    struct frame *frames, uint8_t *asked);
	/* Are the pair's silences on `path` as sure as was asked, or of no more use? */
	enum path path;
	bool (*settled)(const struct audit *audit, uint32_t host, uint32_t vip);
	/* May they be so after one more round by unicast, as far as can be foreseen? */
	bool (*settles_next)(const struct audit *audit, uint32_t host, uint32_t vip);

	/* Attempts go out in this lane: LANE_BROADCAST when they make the host broadcast. */
	enum lane lane;
	bool early; /* in STAGE_SOURCE already */
	enum want (*wants)(const struct audit *audit, uint32_t host, uint32_t vip);
	/* Called after WANT_ATTEMPT; counts the attempt. */
	struct attempt (*attempt)(struct audit *audit, uint32_t host, uint32_t vip);

	/* A frame whose Ethernet source, or whose SHA, is the host's. */
	void (*observe)(
	    struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture);

	void (*judge)(
	    const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement);
	/* Of a check that has failed, when all have judged and `result` says what was inferred:
	 * what that tells of the host, and what to do about it (judge_explain()). */
	void (*explain)(const struct audit *audit, uint32_t host, uint32_t vip,
	    const struct host_result *result, struct judgement *judgement);
	void (*judge_vip)(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement);
};

/* The checks, in the order in which their attempts are made. NULL at the end. */
extern const struct check *const checks[];

/* Lookups. They return NONE when there is none. */
static inline struct pair *
pair_of(const struct audit *audit, uint32_t host, uint32_t vip)
{
	return &audit->pairs[(size_t)host * audit->vip_count + vip];
}

static inline bool
vip_has_tcp_port(const struct vip *vip)
{
	return vip->port != 0 && vip->protocol == IP_PROTOCOL_TCP;
}

/* A source address that is not the interface's own: nobody else answers for it. */
static inline bool
source_is_borrowed(const struct audit *audit)
{
	return !address_equal(&audit->source, &audit->segment.own.address);
}

/* Where the host's attempt came from: a decoy, or the probe itself. */
static inline const struct address *
attempt_address(const struct audit *audit, const struct host *host)
{
	return host->attempt_decoy == NONE ? &audit->source
					   : &audit->decoys[host->attempt_decoy].address;
}

/* In a sweep, a host that has nothing to do with the VIP. */
static inline bool
pair_is_passer_by(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const struct pair *pair = pair_of(audit, host, vip);

	return audit->cluster->discover && !audit->hosts[host].director &&
	       audit->hosts[host].stage >= STAGE_CONFIRM && !pair->bound && !pair->replied &&
	       pair->source != SOURCE_VIP;
}

uint32_t vip_find(const struct audit *audit, const struct address *address);

/* hosts.c: the host table. Several RIPs can have one MAC: host_next_with_mac() walks them. */
bool hosts_init(struct audit *audit);
void hosts_free(struct audit *audit);
uint32_t host_find(const struct audit *audit, const struct address *rip);
uint32_t host_find_mac(const struct audit *audit, const struct mac *mac);
uint32_t host_next_with_mac(const struct audit *audit, uint32_t host, const struct mac *mac);
bool host_has_mac(const struct host *host, const struct mac *mac);
/* And it is no MAC that was heard once beside others: one damaged frame makes another machine's MAC
 * look like a further one of the host's. */
bool host_is_known_by(const struct host *host, const struct mac *mac);
bool host_is_known(const struct host *host); /* by any MAC */
/* A reply for its RIP: true when its sender is the one that was the first to answer that kind of
 * SPA. A bond that balances what it receives answers each asker with a MAC of its own; so who
 * answers one kind is one machine, until another is heard (host_has_rival()). */
bool host_answered(struct audit *audit, uint32_t host, const struct frame_arp *reply);
/* A request as its RIP for the decoy that it was sent a packet from: it is the host's, whatever MAC
 * it has. */
void host_asked(struct audit *audit, const struct frame_arp *arp);
/* Have two MACs answered the same asker? One that did so once may be a frame that was damaged on
 * its way: ARP has no checksum. */
bool host_has_rival(const struct host *host);

/* probe.c: the frames of the audit. */
void probe_who_has(const struct audit *audit, const struct address *target,
    const struct mac *destination, const struct address *spa, struct frame *frame);
void probe_elicit(const struct audit *audit, enum elicit_method method, const struct mac *mac,
    const struct address *source, uint32_t vip, uint16_t number, struct frame *frame);
/* The ways to elicit an answer from this VIP, in their order: how many, and the nth. */
uint8_t probe_method_count(const struct audit *audit, uint32_t vip);
enum elicit_method probe_method(const struct audit *audit, uint32_t vip, uint8_t number);
/* The address of a kind of SPA. */
struct address probe_spa(const struct audit *audit, enum spa_kind kind);
/* A reply gives the SPA of its question back, as TPA: was it of this kind? */
bool probe_was_asked(const struct audit *audit, enum spa_kind kind, const struct address *tpa);
/* The RST that removes the half-open connection of an attempt by TCP. */
void probe_reset(const struct audit *audit, enum elicit_method method, const struct mac *mac,
    const struct address *source, uint32_t vip, uint16_t number, struct frame *frame);
/* The SYN (TCP_SYN) that asks an owner for the DR signature, and the RST (TCP_RST) that follows. */
void probe_signature(const struct audit *audit, uint32_t vip, const struct claimant *owner,
    uint8_t flags, struct frame *frame);
/* The sequence number of that SYN. */
uint32_t probe_signature_sequence(const struct audit *audit, const struct signature *signature);
/* "address is-at probe", to the host alone: of a decoy, or of a source that is borrowed. */
void probe_answer(const struct audit *audit, const struct address *address, const struct mac *mac,
    const struct address *tpa, struct frame *frame);

/* send.c: the lanes. */
bool send_init(struct audit *audit);
void send_free(struct audit *audit);
/* The room is there; a full urgent ring drops the frame (the host will ask again). */
void send_push(struct audit *audit, enum lane lane, const struct frame *frame, enum purpose purpose,
    uint32_t host);
/* When audit_next() may have a frame; UINT64_MAX: not before something arrives. */
uint64_t send_due_us(const struct audit *audit);
/* Task numbers: hosts first, then these. */
uint32_t task_vips(const struct audit *audit); /* the timed broadcasts of who-has VIP */
uint32_t task_restore(const struct audit *audit, uint32_t vip);
uint32_t task_handover(const struct audit *audit, uint32_t vip);
uint32_t task_signature(const struct audit *audit, uint32_t vip);
uint32_t task_decoys(const struct audit *audit);
uint32_t task_source(const struct audit *audit);
uint32_t task_master(const struct audit *audit);
/* Puts the task into one lane's queue, out of the others'. */
void task_schedule(struct audit *audit, enum lane lane, uint32_t task, uint64_t due_us);
void task_cancel(struct audit *audit, uint32_t task);

/* schedule.c: the stages of a host. */
void schedule_start(struct audit *audit, uint64_t now_us);
/* Runs a task that is due in a lane. */
void schedule_run(struct audit *audit, enum lane lane, uint32_t task, uint64_t now_us);
void schedule_sent(struct audit *audit, const struct outgoing *outgoing, uint64_t now_us);
/* A who-has RIP was answered. */
void schedule_answered(
    struct audit *audit, uint32_t host, uint64_t now_us, const struct frame_arp *reply);
/* The attempt that is out has got its answer: go on at once. */
void schedule_attempt_over(struct audit *audit, uint32_t host, uint64_t now_us);
/* Something that hosts wait for is there: they look again, and when they are done, at what they
 * have decided. */
void schedule_waiting(struct audit *audit, uint64_t now_us);
/* Hosts that have not answered so far are asked once more. */
void schedule_unheard(struct audit *audit, uint64_t now_us);
/* More is known of who owns a VIP: hosts that are done, and were not elicited since nobody could
 * have been restored after a leak, may be now. */
void schedule_passed_over(struct audit *audit, uint64_t now_us);
/* There will be one more round of who-has VIP by broadcast. */
void schedule_vips(struct audit *audit, uint64_t now_us);
/* The attempt that is out is over, answered or not. */
void schedule_end_attempt(struct audit *audit, uint32_t host);
/* The decoy of the attempt that is out is none: it does not count, and nothing more is sent from
 * there. */
void schedule_void_attempt(struct audit *audit, uint32_t host, uint64_t now_us);

/* decoy.c: the pool of verified-unused addresses. */
bool decoys_init(struct audit *audit);
void decoys_run(struct audit *audit, uint64_t now_us);
void decoys_observe(struct audit *audit, uint64_t now_us, const struct capture *capture);
/* More is lost than it seemed: those that should have been asked for more often are. */
void decoys_review(struct audit *audit, uint64_t now_us);
uint32_t decoy_find(const struct audit *audit, const struct address *address);
bool decoy_available(const struct audit *audit, uint32_t host);
/* A decoy that was not used with the host before; NONE when there is none left. */
uint32_t decoy_take(struct audit *audit, uint32_t host);
bool decoy_was_used(const struct audit *audit, uint32_t host, uint32_t decoy);
void decoys_again(struct audit *audit, uint64_t now_us);   /* verify them anew: silences are void */
void decoys_give_up(struct audit *audit, uint64_t now_us); /* none is known to be free */
uint32_t decoys_ready(const struct audit *audit);
/* For how many of them has one of the MACs answered? */
uint32_t decoys_answered_by(const struct audit *audit, const struct mac *macs, size_t count);
/* How often they were asked for as a proxy answers, by the probe's own address. */
uint32_t decoys_confirmations(const struct audit *audit);
/* The chance that lost frames alone hide a host that answers for all of them. */
double decoys_bound(const struct audit *audit);
/* One more round of probes, if that bound is not reached and there may be more rounds. */
void decoys_confirm(struct audit *audit, uint64_t now_us);

/* infer.c: what the behaviour says about the sysctls. */
void infer_init(struct audit *audit); /* chooses the address outside of every subnet */
/* Is who-has RIP to be asked from there? */
bool infer_wants_outside(const struct audit *audit, uint32_t host);
/* A pair that answers for the VIP: has it been asked in every way? */
bool infer_is_complete(const struct audit *audit, uint32_t host, uint32_t vip);
struct host_result;
void infer(const struct audit *audit, uint32_t host, uint32_t vip, struct host_result *result);

/* claim.c: who claims a VIP, and how. */
void claim_observe(struct audit *audit, uint64_t now_us, const struct capture *capture);
/* A frame is on its way: if it asks for a VIP, who is asked may leave it unanswered. */
void claim_asked(struct audit *audit, uint64_t now_us, const struct frame *frame);
/* A host is known by a further MAC: what that MAC has claimed so far is the host's. */
void claim_host_found(struct audit *audit, uint32_t host, const struct mac *mac);
uint32_t claimant_replies(const struct claimant *claimant);  /* claims by ARP reply */
uint32_t claimant_requests(const struct claimant *claimant); /* claims by ARP request */
/* Has it answered who-has VIP, and not handed the VIP over since? */
bool claimant_is_owner(const struct claimant *claimant);

/* The host has replied for the VIP, or asked as the VIP, but only by MACs that it is not known by.
 */
bool claims_are_doubtful(const struct audit *audit, uint32_t host, uint32_t vip,
    uint32_t (*claims)(const struct claimant *));
/* Counts a claim that is relayed; true when it is not, or has come before, so that it counts. */
bool claim_counts(const struct frame *frame, uint8_t *relayed);

/* handover.c: has an owner handed the VIP over to another one during the audit? */
/* A claimant has claimed or answered for the first time. */
void handover_consider(struct audit *audit, uint32_t vip, uint64_t now_us);
void handover_run(struct audit *audit, enum lane lane, uint32_t vip, uint64_t now_us);
bool handover_pending(const struct audit *audit, uint32_t vip);
/* It looks so, but is not as sure as was asked for. */
bool handover_possible(const struct audit *audit, uint32_t vip);
/* And the host is one of the two. */
bool handover_possible_of(const struct audit *audit, uint32_t vip, uint32_t host);
/* A host is known by a further MAC: that may tell that one was no director. */
void handover_review(struct audit *audit, uint32_t vip);
void handover_again(struct audit *audit, uint64_t now_us); /* all silences are void */
/* To whom a former owner handed the VIP over, NONE when it did not. */
uint32_t handover_successor(const struct audit *audit, uint32_t vip, uint32_t former);
/* The chance that its silence since then is loss. */
double handover_bound(const struct audit *audit, const struct claimant *former);

/* signature.c: which owner forwards to others, as a director does? */
void signature_start(struct audit *audit, uint64_t now_us);
/* The owners have changed. */
void signature_consider(struct audit *audit, uint32_t vip, uint64_t now_us);
void signature_run(struct audit *audit, uint32_t vip, uint64_t now_us);
void signature_observe(struct audit *audit, uint64_t now_us, const struct capture *capture);
bool signature_pending(const struct audit *audit, uint32_t vip);
/* It is pending, and may tell what nothing else does. */
bool signature_is_needed(const struct audit *audit, uint32_t vip);
void signature_again(struct audit *audit, uint64_t now_us); /* all silences are void */
/* Neither holds while too few SYNs were answered. */
bool claimant_has_no_signature(const struct audit *audit, const struct claimant *claimant);
bool claimant_has_signature(const struct audit *audit, const struct claimant *claimant);

/* master.c: the virtual router that advertises a VIP, and who is its master. */
void master_start(struct audit *audit, uint64_t now_us);
void master_run(struct audit *audit, uint64_t now_us);
void master_observe(struct audit *audit, uint32_t vip, uint64_t now_us, const struct frame_ip *ip);
/* A claimant with the virtual router's MAC speaks for the master. */
void master_adopt(const struct vip *vip, struct claimant *claimant);
/* Just one owner of the VIP has a virtual router's MAC. */
bool master_owns(const struct audit *audit, uint32_t vip);
/* That is so, and the host is its master; or was until a change later than `at_us`; or is a named
 * director and it is not known who the master is. */
bool master_is_host(const struct audit *audit, uint32_t vip, uint32_t host);
bool master_was_host(const struct audit *audit, uint32_t vip, uint32_t host, uint64_t at_us);
bool master_may_be_host(const struct audit *audit, uint32_t vip, uint32_t host);
/* An advertisement may yet tell whether the host is the director. */
bool master_pending(const struct audit *audit, uint32_t vip, uint32_t host);
/* The owner has a virtual router's MAC, and answers more often than it is asked: two machines do.
 */
bool master_is_doubled(const struct audit *audit, uint32_t vip);
/* Its master has changed while the audit ran, and the former one is none any more. */
bool master_handed_over(const struct audit *audit, uint32_t vip);

/* owner.c: which of the claimants is the director. */
enum director_proof {
	DIRECTOR_UNKNOWN = 0, /* several owners that can't be told apart, or none */
	DIRECTOR_NAMED,       /* by the user */
	DIRECTOR_VRRP_MAC,
	DIRECTOR_VRRP_ADVERTISEMENT,
	DIRECTOR_SIGNATURE,  /* the only owner that forwards VIP:port to other hosts */
	DIRECTOR_SOLE_OWNER, /* the only one that answers, and no listed real server */
};
/* The claimant that is the VIP's director, or NONE; `proof` (may be NULL) tells by what. */
uint32_t owner_director(const struct audit *audit, uint32_t vip, enum director_proof *proof);
/* The sole owner has a VRRP virtual router MAC, and directors were named by address alone:
 * keepalived with use_vmac looks so, until an advertisement tells. */
bool owner_may_be_director(const struct audit *audit, uint32_t vip, uint32_t claimant);
/* The owner is none of the directors whose MAC is known, and a named one has not been heard: its
 * answers for its own address may have been lost. */
bool owner_may_be_unheard_director(const struct audit *audit, uint32_t vip, uint32_t claimant);
bool owner_may_be_unheard(const struct audit *audit); /* of any VIP */
/* The sole owner may be the director for one of these reasons, or one of several in a hand-over: no
 * violation is certain. */
bool owner_is_in_doubt(const struct audit *audit, uint32_t vip, uint32_t claimant);
/* The claimant to whom caches are turned back after a leak: the director, else the only owner that
 * is no listed real server. That is no verdict, only where the least harm lies. */
uint32_t owner_to_restore(const struct audit *audit, uint32_t vip);
uint32_t owner_count(const struct audit *audit, uint32_t vip); /* claimants that answer */
/* Of the rounds of who-has VIP by broadcast, those whose silences count. */
uint32_t owner_rounds(const struct audit *audit);
/* The chance that all answers of a further owner, which is no host of the plan, were lost: it is
 * asked by broadcast alone. The loss is the segment's, as for hosts. */
double owner_bound(const struct audit *audit);
/* Is that as sure as was asked? */
bool owners_are_sure(const struct audit *audit);
/* If not: will further rounds of who-has VIP by broadcast make it so, up to so many in all? */
bool owners_may_be_surer(const struct audit *audit, uint32_t rounds);
/* Is its MAC a listed real server's? */
bool owner_is_listed(const struct audit *audit, const struct claimant *claimant);
/* Was it named as a director? */
bool owner_is_named(const struct audit *audit, const struct claimant *claimant);
/* May it be a director at all: named if any was, else no listed real server or one that shows
 * itself to be a director as well? */
bool owner_is_eligible(const struct audit *audit, const struct claimant *claimant);
/* Nothing is being asked that could still tell who owns the VIP. */
bool owners_decided(const struct audit *audit, uint32_t vip);
/* Is one of the host's MACs the VIP's director's? */
bool host_is_director(const struct audit *audit, uint32_t host, uint32_t vip);
/* Was it, until a hand-over? */
bool host_was_director(const struct audit *audit, uint32_t host, uint32_t vip);

/* restore.c: bringing the segment's caches back to the owner. */
void restore_run(struct audit *audit, uint32_t vip, uint64_t now_us);
/* A packet is sent that may provoke a leak. */
void restore_provoked(struct audit *audit, uint32_t vip);
/* `mac` told the probe that the VIP is its own. Matters if it is another than the owner. */
void restore_reply(struct audit *audit, uint32_t vip, uint64_t now_us, const struct mac *mac);
void restore_observe(struct audit *audit, uint64_t now_us, const struct capture *capture);
bool restore_pending(const struct audit *audit, uint32_t vip);
/* A leak may be provoked only if it can be undone: the owner is known, or there is none. */
bool restore_possible(const struct audit *audit, uint32_t vip);

/* The chance that the silences of a host, so many by either path, are all lost exchanges. The loss
 * is the segment's, path by path; of a host that has missed fences itself, and so may have a bad
 * link, its own where that is worse. NONE: no host of the plan. */
double host_all_lost(
    const struct audit *audit, uint32_t host, uint32_t unicast, uint32_t broadcast);
/* The same by unicast alone, at the best: when all hosts have had as many rounds, and no more
 * frames are lost. */
double hosts_all_lost_at_best(const struct audit *audit, uint32_t unicast);
/* Rounds of who-has VIP by broadcast that the host has heard and not answered. */
uint32_t host_broadcast_silences(const struct audit *audit, uint32_t host);

/* Do fenced silences by broadcast count? Not when the audit ends before a proxied answer. */
bool audit_hears_proxies(const struct audit *audit);

/* The loss on all paths together. */
struct loss audit_loss(const struct audit *audit);

/* Everything was decided, and the lingering is over. */
bool audit_completed(const struct audit *audit, uint64_t now_us);

/* Keeps a frame as evidence, unless `*slot` has one already. */
void keep_evidence(
    struct audit *audit, struct kept_frame **slot, uint64_t now_us, const struct capture *capture);

#endif
