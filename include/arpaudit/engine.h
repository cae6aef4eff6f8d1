/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the engine: what it knows, as its own files and the checks see it.
 *
 * A *host* is one RIP of the plan. A *pair* is one VIP on one host: what most checks judge. Hosts
 *pass through stages, each a few frames and a wait:
 *
 *	resolve	  broadcast who-has VIP, then the broadcast fence who-has RIP, which also tells the
 *MAC fence	  unicast trains: the checks' probes, then the fence who-has RIP, in rounds spread
 *in time, until every silence is as sure as was asked attempt	  packets that a host must answer if
 *it holds the VIP, one at a time done
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
#define CLAIMANTS_MAX   16 /* MACs kept for one VIP; of further ones only the count */
#define EVIDENCE_OCTETS 80
#define TRAIN_MAX       8  /* probes ahead of one fence */
#define RESOLVE_TRIES   5  /* broadcasts without an answer, then a host is down */
#define FENCE_TRIES     8  /* fences in a row without an answer, then a host is lost */
#define RESOLVES_MAX    16 /* broadcast fences of a host that is there */
/* Trains for a pair, the broadcast one among them: one burst must not take all. */
#define ROUNDS_MIN 3
/* Requests to the owner of one VIP: one that is contested is left alone then. */
#define RESTORES_MAX       12
#define ROUNDS_MAX         64    /* trains for one pair */
#define ROUND_GAP_US       40000 /* between rounds, so that one burst of loss can't hit all */
#define VIP_BROADCASTS     3
#define CAPTURE_LOSSES_MAX 3  /* how often lost captures make the silences be observed again */
#define VIP_REPEAT         32 /* broadcast fences behind one broadcast who-has VIP */

/* A frame kept because a finding rests on it. */
struct kept_frame {
	uint64_t time_us, number;
	uint16_t length; /* 0: none kept */
	uint8_t bytes[EVIDENCE_OCTETS];
};

/* How a host is made to send: in this order. */
enum elicit_method {
	ELICIT_ECHO = 0,
	ELICIT_TCP,
	ELICIT_UDP,
	ELICIT_METHODS,
};

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
	/* Silences: probes in trains whose fence was answered, with no reply for the VIP. */
	uint16_t unicast_silences, broadcast_silences;
	uint16_t pending; /* probes ahead of the fence that is out */
	uint16_t rounds;
	bool replied;     /* an ARP reply for the VIP came from this host */
	bool bound;       /* an IP packet from the VIP came from this host */
	uint8_t bound_by; /* enum elicit_method, when bound */
	uint8_t source;   /* enum source_seen */
	uint8_t service;  /* enum service_seen */
	uint8_t bound_attempts, source_attempts, service_attempts;
	uint8_t unprompted_answers; /* IP answers to a decoy with no broadcast before them */
	struct kept_frame *reply_evidence, *source_evidence; /* NULL: none */
};

enum stage {
	STAGE_RESOLVE = 0,
	STAGE_FENCE,
	STAGE_ATTEMPT,
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
	bool director;             /* named as one */
	bool listed;               /* named as a real server */
	uint8_t stage;             /* enum stage */
	uint8_t tries;             /* fences in a row without an answer */
	uint8_t resolves;          /* broadcast fences sent */
	uint16_t answered, missed; /* fences of this host alone */
	bool lost;                 /* was there, then stopped answering */

	/* The fence that is out. Its SPA alternates between the probe's address and 0.0.0.0, and
	 * the reply carries it back as TPA: so a late or doubled reply to the one before is told
	 * from the reply to this one. */
	bool fence_out;
	uint8_t fence_path; /* enum path */
	bool fence_unspecified;
	uint64_t fence_sent_us;

	/* Next VIP of a train or of an attempt. */
	uint32_t cursor;
	/* The attempt that is out: on pair (attempt_vip, this host). */
	bool attempt_out;
	bool attempt_source; /* from a decoy: for vip-source; else from the probe: for vip-bound */
	bool waiting;        /* for the decoys */
	uint8_t attempt_method;
	uint8_t attempt_tries;   /* attempts in a row without an answer */
	uint16_t attempt_number; /* ICMP sequence, and in the TCP sequence number */
	uint32_t attempt_decoy;
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
	struct mac sender; /* another Ethernet source of its claims, mac_zero: none */
	struct signature signature;
	struct kept_frame evidence; /* the first claim */
	struct kept_frame relayed;  /* the first claim by another Ethernet source */
};

enum restore_state {
	RESTORE_NONE = 0, /* nothing leaked */
	RESTORE_DUE,      /* elicit the owner */
	RESTORE_WAIT,     /* for its broadcast */
	RESTORED,
	RESTORE_FAILED,
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
	uint8_t restore_tries, restores;
	uint32_t restore_decoy;
	uint64_t last_claim_us; /* by another than the owner */

	/* Asking anew who owns it, after a new claimant has come, see handover.c. */
	bool contested;
	uint8_t contests, contest_rounds;
	uint64_t contest_us; /* its start */

	uint8_t signature;        /* enum signature_state */
	uint8_t signature_silent; /* rounds of SYNs in a row without an answer */
	uint16_t signature_syns;
	uint64_t asked_us; /* who-has VIP was last sent */
};

enum signature_state {
	SIGNATURE_IDLE = 0, /* nothing is asked */
	SIGNATURE_DUE,      /* it may be asked for, when it is known who owns the VIP by ARP */
};

enum decoy_state {
	DECOY_CANDIDATE = 0,
	DECOY_READY,
	DECOY_TAKEN, /* somebody answered for it, or asks for it */
};

struct decoy {
	struct address address;
	uint8_t state;             /* enum decoy_state */
	struct mac answered_by[2]; /* who answered for it, mac_zero: none */
};

/* Why a frame is sent: what happens once it has gone. */
enum purpose {
	PURPOSE_NONE = 0,
	PURPOSE_FENCE,   /* starts the host's fence timer */
	PURPOSE_ATTEMPT, /* starts the host's attempt timer */
	PURPOSE_VIP,     /* broadcast who-has VIP: starts the linger time */
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

struct mac_index;

struct audit {
	const struct plan_cluster *cluster;
	const struct plan_settings *settings;
	struct audit_segment segment;
	struct address source; /* SPA of who-has probes */
	uint8_t source_rounds; /* RFC 5227 probes sent for it, when it is not the interface's own */
	struct mac source_owner; /* who answered them: then the audit does not take place */
	struct random random;
	uint64_t started_us;

	struct host *hosts; /* sorted by RIP */
	uint32_t host_count;
	struct vip *vips;
	uint32_t vip_count;
	struct pair *pairs; /* [host × vip_count + vip] */
	struct mac_index *macs;
	struct kept_frame *kept; /* pool for the pairs' evidence */
	uint32_t kept_count, kept_capacity;

	struct decoy *decoys;
	uint32_t decoy_count;
	uint8_t decoy_rounds; /* RFC 5227 probes sent for each */
	bool decoys_decided;

	struct ring ring[LANES];
	struct queue queue[LANES]; /* tasks: hosts, then VIPs, then the decoys */
	struct bucket rate, broadcast_rate;
	struct round_trip round_trip;
	struct loss loss[PATHS];

	uint8_t vip_rounds; /* timed broadcasts of who-has VIP so far */
	uint32_t hosts_done, hosts_since_vip;
	uint32_t hosts_resolved; /* so many, from the first on, are past STAGE_RESOLVE */
	uint64_t last_vip_broadcast_us;
	uint64_t frames_sent, broadcasts_sent;
	uint32_t leaks;
	uint32_t capture_losses;
	uint16_t attempt_number;
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

struct judgement;     /* judge.h */
struct vip_judgement; /* judge.h */

/* What a check contributes. Any function may be NULL. */
struct check {
	enum check_id id; /* CHECK_COUNT: of a VIP as a whole, not of a host */

	/* Adds this check's probes for a pair to a unicast train: each is one that a sound host
	 * leaves unanswered. Returns how many, at most TRAIN_MAX. `frames` has room for them. */
	uint32_t (*train)(
	    const struct audit *audit, uint32_t host, uint32_t vip, struct frame *frames);
	/* Are the pair's silences as sure as was asked, or of no more use? Goes with train. */
	bool (*settled)(const struct audit *audit, uint32_t host, uint32_t vip);

	/* Attempts go out in this lane: LANE_BROADCAST when they make the host broadcast. */
	enum lane lane;
	enum want (*wants)(const struct audit *audit, uint32_t host, uint32_t vip);
	/* Called after WANT_ATTEMPT; counts the attempt. */
	struct attempt (*attempt)(struct audit *audit, uint32_t host, uint32_t vip);

	/* A frame whose Ethernet source, or whose SHA, is the host's. */
	void (*observe)(
	    struct audit *audit, uint32_t host, uint64_t now_us, const struct capture *capture);

	void (*judge)(
	    const struct audit *audit, uint32_t host, uint32_t vip, struct judgement *judgement);
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

uint32_t vip_find(const struct audit *audit, const struct address *address);

/* hosts.c: the host table. Several RIPs can have one MAC: host_next_with_mac() walks them. */
bool hosts_init(struct audit *audit);
void hosts_free(struct audit *audit);
uint32_t host_find(const struct audit *audit, const struct address *rip);
uint32_t host_find_mac(const struct audit *audit, const struct mac *mac);
uint32_t host_next_with_mac(const struct audit *audit, uint32_t host, const struct mac *mac);
bool host_has_mac(const struct host *host, const struct mac *mac);
void host_add_mac(struct audit *audit, uint32_t host, const struct mac *mac);

/* probe.c: the frames of the audit. */
void probe_who_has(const struct audit *audit, const struct address *target,
    const struct mac *destination, const struct address *spa, struct frame *frame);
void probe_elicit(const struct audit *audit, enum elicit_method method, const struct mac *mac,
    const struct address *source, uint32_t vip, uint16_t number, struct frame *frame);
/* The RST that removes the half-open connection of an ELICIT_TCP attempt. */
void probe_reset(const struct audit *audit, const struct mac *mac, const struct address *source,
    uint32_t vip, uint16_t number, struct frame *frame);
/* The SYN (TCP_SYN) that asks an owner for the DR signature, and the RST (TCP_RST) that follows. */
void probe_signature(const struct audit *audit, uint32_t vip, const struct claimant *owner,
    uint8_t flags, struct frame *frame);
/* The sequence number of that SYN. */
uint32_t probe_signature_sequence(const struct audit *audit, const struct signature *signature);
/* "decoy is-at probe", to the host alone. */
void probe_answer(const struct audit *audit, const struct address *decoy, const struct mac *mac,
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
void schedule_decoys_decided(struct audit *audit, uint64_t now_us);
/* The owners of a VIP are known, as far as they can be: see owners_decided(). */
void schedule_owners_decided(struct audit *audit, uint64_t now_us);
void schedule_again(struct audit *audit, uint64_t now_us); /* all silences are void */

/* decoy.c: the pool of verified-unused addresses. */
bool decoys_init(struct audit *audit);
void decoys_run(struct audit *audit, uint64_t now_us);
void decoys_observe(struct audit *audit, const struct capture *capture);
uint32_t decoy_find(const struct audit *audit, const struct address *address);
bool decoy_available(const struct audit *audit, uint32_t host);
/* A decoy that was not used with the host before; NONE when there is none left. */
uint32_t decoy_take(struct audit *audit, uint32_t host);
bool decoy_was_used(const struct audit *audit, uint32_t host, uint32_t decoy);
void decoys_again(struct audit *audit); /* verify them anew: silences are void */
uint32_t decoys_ready(const struct audit *audit);

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

/* handover.c: has an owner handed the VIP over to another one during the audit? */
/* A claimant has claimed or answered for the first time. */
void handover_consider(struct audit *audit, uint32_t vip, uint64_t now_us);
void handover_run(struct audit *audit, enum lane lane, uint32_t vip, uint64_t now_us);
bool handover_pending(const struct audit *audit, uint32_t vip);
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
void signature_again(struct audit *audit, uint64_t now_us); /* all silences are void */
/* Neither holds while too few SYNs were answered. */
bool claimant_has_no_signature(const struct audit *audit, const struct claimant *claimant);
bool claimant_has_signature(const struct audit *audit, const struct claimant *claimant);

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
/* The claimant to whom caches are turned back after a leak: the director, else the only owner that
 * is no listed real server. That is no verdict, only where the least harm lies. */
uint32_t owner_to_restore(const struct audit *audit, uint32_t vip);
uint32_t owner_count(const struct audit *audit, uint32_t vip); /* claimants that answer */
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
/* `mac` told the probe that the VIP is its own. Matters if it is another than the owner. */
void restore_reply(struct audit *audit, uint32_t vip, uint64_t now_us, const struct mac *mac);
void restore_observe(struct audit *audit, uint64_t now_us, const struct capture *capture);
bool restore_pending(const struct audit *audit, uint32_t vip);

/* The loss on all paths together. */
struct loss audit_loss(const struct audit *audit);

/* Everything was decided, and the lingering is over. */
bool audit_completed(const struct audit *audit, uint64_t now_us);

/* Keeps a frame as evidence, unless `*slot` has one already. */
void keep_evidence(
    struct audit *audit, struct kept_frame **slot, uint64_t now_us, const struct capture *capture);

#endif
