/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator: audits drawn from seeds, by the real engine, in virtual time.
 *
 *	sim [--audits N] [--seed S] [--family NAME] [--confidence P] [--jobs N] [--verbose]
 *	sim --digests [--audits N] [--seed S] [--family NAME]
 *	sim --calibrate [--audits N] [--seed S]
 *	sim --restoring [--audits N] [--seed S]
 *
 * Audit number i has the seed S + i; --jobs processes share the audits. --confidence applies to all
 * audits, in place of the confidence drawn from the seed. --digests prints the digest of each
 * audit. Compare the digests of two builds to see which audits differ, and their --verbose output
 * to see how.
 *
 * Prints a table of the results. For each audit that breaks a promise, prints why and how to replay
 * it. Exit status 1 if a promise is broken.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibrate.h"
#include "restoring.h"
#include "verify.h"

#define BREACHES_SHOWN 20 /* by each process, only breaches that may be chance */
#define JOBS_MAX       64

struct options {
	uint64_t seed, audits, jobs;
	double confidence; /* 0: as drawn */
	int family;        /* -1: as drawn */
	bool verbose, calibrate, restoring, digests;
};

/* The result of a share of the audits. */
struct work {
	struct tally tallies[FAMILIES];
	uint64_t digest;
};

static void
usage(const char *wrong)
{
	fprintf(stderr,
	    "sim: %s\n"
	    "usage: sim [--audits N] [--seed S] [--family NAME] [--confidence P] [--jobs N]\n"
	    "           [--verbose] [--digests]\n"
	    "       sim --calibrate [--audits N] [--seed S]\n"
	    "       sim --restoring [--audits N] [--seed S]\n",
	    wrong);
	exit(64);
}

static uint64_t
number(const char *text)
{
	char *end;

	errno = 0;
	const unsigned long long value = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
		usage("a number is needed");
	return value;
}

static int
family(const char *name)
{
	for (int i = 0; i < FAMILIES; i++)
		if (strcmp(name, family_names[i]) == 0)
			return i;
	usage("unknown family");
	return -1;
}

static void
parse(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
	    {"audits", required_argument, NULL, 'n'},
	    {"confidence", required_argument, NULL, 'p'},
	    {"jobs", required_argument, NULL, 'j'},
	    {"seed", required_argument, NULL, 's'},
	    {"family", required_argument, NULL, 'f'},
	    {"verbose", no_argument, NULL, 'v'},
	    {"calibrate", no_argument, NULL, 'c'},
	    {"restoring", no_argument, NULL, 'r'},
	    {"digests", no_argument, NULL, 'd'},
	    {0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'n':
			options->audits = number(optarg);
			break;
		case 'j':
			options->jobs = number(optarg);
			if (options->jobs < 1 || options->jobs > JOBS_MAX)
				usage("--jobs takes 1 to 64");
			break;
		case 'p':
			options->confidence = strtod(optarg, NULL);
			if (!(options->confidence > 0 && options->confidence < 1))
				usage("--confidence takes a chance between 0 and 1");
			break;
		case 's':
			options->seed = number(optarg);
			break;
		case 'f':
			options->family = family(optarg);
			break;
		case 'c':
			options->calibrate = true;
			break;
		case 'r':
			options->restoring = true;
			break;
		case 'd':
			options->digests = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		default:
			usage("unknown option");
		}
	}
	if (optind != argc)
		usage("too many arguments");
}

static void
show_breaches(const struct run *run, const struct options *options, uint64_t *shown)
{
	/* Possible chances must not crowd out certain breaches. */
	if (run->breach_count == 0 || (!run->broken && *shown == BREACHES_SHOWN))
		return;
	*shown += !run->broken;
	for (uint32_t i = 0; i < run->breach_count; i++)
		printf("%s: %s\n", family_names[run->scenario->family], run->breach[i]);
	if (run->scenario->misfortune != run->scenario->family)
		printf("  with the misfortunes of the family %s\n",
		    family_names[run->scenario->misfortune]);
	printf("  replay: sim --seed %" PRIu64, run->scenario->seed);
	if (options->family >= 0)
		printf(" --family %s", family_names[options->family]);
	if (options->confidence > 0)
		printf(" --confidence %g", options->confidence);
	printf(" --verbose\n");
}

static void
show_host(const struct host_result *host, const struct scenario *scenario, uint32_t vip)
{
	static const char *const truths[] = {"open", "sound", "faulty", "unbound"};
	const struct member *member = scenario_find(scenario, &host->rip);
	char text[ADDRESS_TEXT_SIZE];

	if (host->verdict == VERDICT_INCONCLUSIVE && !host->has_mac && member == NULL)
		return;
	printf("%s %s (%s):", address_format(&host->rip, text), verdict_name(host->verdict),
	    member == NULL ? "absent" : truths[member->truth[vip]]);
	for (size_t i = 0; i < host->check_count; i++) {
		const struct check_result *result = &host->checks[i];

		printf(" %s=%s/%u/%.2g%s%s", result->title->name, outcome_name(result->outcome),
		    result->confirmations, result->false_pass_bound,
		    *result->reason == '\0' ? "" : ": ", result->reason);
	}
	printf("\n");
}

static void
show_result(const struct run *run)
{
	for (size_t i = 0; i < run->cluster.vip_count; i++) {
		const struct vip_result *vip = &run->cluster.vips[i];

		for (size_t k = 0; k < vip->host_count; k++)
			show_host(&vip->hosts[k], run->scenario, (uint32_t)i);
		for (size_t k = 0; k < vip->finding_count; k++)
			printf("VIP: %s %s: %s\n", severity_name(vip->findings[k].severity),
			    vip->findings[k].id, vip->findings[k].message);
		printf("VIP: %s\n\n", verdict_name(vip->verdict));
	}
	printf("%" PRIu64 " frames, %.3f s, loss %.3f, %u leaks, restored %d\n",
	    run->wire.frames_sent, (double)run->duration_us / 1e6, run->wire.loss_estimate,
	    run->wire.leaks_provoked, run->wire.owner_restored);
}

static void
show_row(const char *name, const struct tally *tally)
{
	const double audits = tally->audits == 0 ? 1 : (double)tally->audits;

	printf("%-9s %8" PRIu64 " %8" PRIu64 " %5.1f%% %8" PRIu64 " %5.1f%% %6" PRIu64 " %8" PRIu64
	       " %5" PRIu64 " %7" PRIu64 " %6" PRIu64 " %7.0f %6.2f\n",
	    name, tally->audits, tally->sound,
	    tally->sound == 0 ? 0 : 100.0 * (double)tally->sound_compliant / (double)tally->sound,
	    tally->faulty,
	    tally->faulty == 0 ? 0
			       : 100.0 * (double)tally->faulty_violation / (double)tally->faulty,
	    tally->false_passes, tally->leaks, tally->leaks - tally->restored, tally->caches,
	    tally->caches_astray, (double)tally->frames / audits,
	    (double)tally->duration_us / audits / 1e6);
}

static void
show_table(const struct tally tallies[FAMILIES], const struct tally *total)
{
	printf("%-9s %8s %8s %6s %8s %6s %6s %8s %5s %7s %6s %7s %6s\n", "family", "audits",
	    "sound", "passed", "faulty", "found", "missed", "leaks", "open", "caches", "astray",
	    "frames", "time s");
	for (int i = 0; i < FAMILIES; i++)
		if (tallies[i].audits > 0)
			show_row(family_names[i], &tallies[i]);
	show_row("all", total);
	printf("VIPs with another owner: %" PRIu64 ", reported as compliant: %" PRIu64
	       "; sound VIPs: %" PRIu64 ", reported as a violation: %" PRIu64 "\n",
	    total->disputed, total->disputed_passes, total->owners, total->alarms);
	if (total->accusable > 0)
		printf("sound hosts with several damaged frames: %" PRIu64
		       ", reported as a violation: %" PRIu64 "\n",
		    total->accusable, total->accused);
	printf("at most %.0f frames and %zu octets a host; %" PRIu64
	       " frames spoke for an address in use whose answers may have been lost\n",
	    total->frames_most, total->memory_most, total->trespasses);
}

static void
run_one(uint64_t seed, const struct options *options, struct work *work, uint64_t *shown)
{
	static struct scenario scenario;
	static struct run run;

	scenario_draw(&scenario, seed, options->family);
	if (options->confidence > 0)
		scenario.plan.settings.confidence = options->confidence;
	run_scenario(&run, &scenario, options->verbose);
	if (options->verbose)
		show_result(&run);
	verify(&run, &work->tallies[scenario.family]);
	show_breaches(&run, options, shown);
	if (options->digests)
		printf("%" PRIu64 " %s %016" PRIx64 "\n", seed, family_names[scenario.family],
		    run.digest);
	work->digest += run.digest * (2 * seed + 1);
	run_free(&run);
	scenario_free(&scenario);
}

/* Runs every `jobs`th audit, from the given one on. */
static void
run_share(const struct options *options, uint64_t first, struct work *work)
{
	uint64_t shown = 0;

	for (uint64_t i = first; i < options->audits; i += options->jobs)
		run_one(options->seed + i, options, work, &shown);
}

static bool
write_all(int fd, const void *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		const ssize_t count = write(fd, (const char *)bytes + done, length - done);

		if (count <= 0)
			return false;
		done += (size_t)count;
	}
	return true;
}

static bool
read_all(int fd, void *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		const ssize_t count = read(fd, (char *)bytes + done, length - done);

		if (count <= 0)
			return false;
		done += (size_t)count;
	}
	return true;
}

/* Starts a process that runs a share and writes the result to the returned descriptor. */
static int
begin_share(const struct options *options, uint64_t first)
{
	static struct work work;
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		perror("sim");
		exit(3);
	}
	if (child > 0) {
		close(ends[1]);
		return ends[0];
	}
	run_share(options, first, &work);
	_exit(fflush(stdout) == 0 && write_all(ends[1], &work, sizeof(work)) ? 0 : 3);
}

static void
run_all(const struct options *options, struct work *total)
{
	int shares[JOBS_MAX];

	if (options->jobs == 1) {
		run_share(options, 0, total);
		return;
	}
	for (uint64_t job = 0; job < options->jobs; job++)
		shares[job] = begin_share(options, job);
	for (uint64_t job = 0; job < options->jobs; job++) {
		static struct work work;

		if (!read_all(shares[job], &work, sizeof(work))) {
			fprintf(stderr, "sim: a process ended early\n");
			exit(3);
		}
		for (int i = 0; i < FAMILIES; i++)
			tally_add(&total->tallies[i], &work.tallies[i]);
		total->digest += work.digest;
	}
}

int
main(int argc, char **argv)
{
	static struct work work;
	struct options options = {.seed = 1, .audits = 1, .jobs = 1, .family = -1};
	struct tally total = {0};

	setvbuf(stdout, NULL, _IOLBF, 0); /* whole lines, since several processes write */
	parse(argc, argv, &options);
	if (options.calibrate)
		return calibrate(options.seed, options.audits) ? 0 : 1;
	if (options.restoring)
		return restoring(options.seed, options.audits) ? 0 : 1;
	run_all(&options, &work);
	for (int i = 0; i < FAMILIES; i++)
		tally_add(&total, &work.tallies[i]);
	show_table(work.tallies, &total);
	printf("%" PRIu64 " audits: %s; %" PRIu64 " broke a promise; digest %016" PRIx64 "\n",
	    total.audits, tally_holds(&total) ? "all promises hold" : "PROMISES ARE BROKEN",
	    total.breaches, work.digest);
	return tally_holds(&total) ? 0 : 1;
}
