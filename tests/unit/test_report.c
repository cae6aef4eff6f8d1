/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reports of the sample results: what the text says and the JSON holds. A writer that fails
 * must report it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <time.h>

#include "arpaudit/arena.h"
#include "arpaudit/printable.h"
#include "arpaudit/report.h"
#include "sample_result.h"
#include "texts.h"

#define ADDRESS(writer) &(writer),
static const struct report_writer *const writers[] = {REPORT_WRITERS(ADDRESS)};
#define WRITER_COUNT (sizeof(writers) / sizeof(writers[0]))

static const struct report_style plain = {0};
static const struct report_style quiet = {.quiet = true};
static const struct report_style verbose = {.verbose = 1};
static const struct report_style colored = {.color = true};

/* The report of a sample. Release it with free(). */
static char *
written(const struct report_writer *writer, const struct report_style *style, const char *sample)
{
	struct result result = sample_result(sample);
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	assert_true(writer->write(&result, style, stream));
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(strlen(text), size);
	result_free(&result);
	return text;
}

static json_t *
parsed(const char *sample)
{
	char *text = written(&report_json, &plain, sample);
	json_error_t error;
	json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (report == NULL)
		fail_msg("%s: line %d: %s", sample, error.line, error.text);
	free(text);
	return report;
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part)) != NULL) {
		count++;
		text += strlen(part);
	}
	return count;
}

static void
assert_report(const struct report_style *style, const char *sample, const char *expected)
{
	char *text = written(&report_text, style, sample);

	assert_string_equal(text, expected);
	free(text);
}

static void
test_text_of_a_compliant_cluster(void **state)
{
	(void)state;
	assert_report(&plain, "compliant",
	    "compliant: VIP 10.77.0.100, 2 hosts\n"
	    "\n"
	    "owner: 10.77.0.3 (02:00:00:00:00:03, director)\n"
	    "2 compliant: 10.77.0.11 (rs1), 10.77.0.12\n"
	    "2 of 2 hosts answered; false pass below 2.1e-07; 61 frames in 1.21 s\n"
	    "compliant: VIP 10.77.0.100, 2 hosts\n");
}

static void
test_text_of_a_vip_without_owner(void **state)
{
	(void)state;
	assert_report(&plain, "ownerless",
	    "violation: VIP 10.77.0.100, 1 host: vip-owner\n"
	    "\n"
	    "violation: vip-owner of VIP 10.77.0.100\n"
	    "    no machine answers ARP requests for 10.77.0.100: the VIP has no owner\n"
	    "    remedy:\n"
	    "      # on the director, check whether it holds the VIP:\n"
	    "      ip -4 addr show to 10.77.0.100\n"
	    "\n"
	    "no owner\n"
	    "1 compliant: 10.77.0.11 (rs1)\n"
	    "1 of 1 hosts answered; false pass below 2.1e-07; 61 frames in 1.21 s; 1 leak\n"
	    "provoked, owner not restored\n"
	    "violation: VIP 10.77.0.100, 1 host: vip-owner; OWNER NOT RESTORED\n");
}

/* One block a fault: servers, the first frame, and one remedy. */
static void
test_text_of_few_and_of_all(void **state)
{
	static const struct {
		const char *sample, *last, *servers;
	} cases[] = {
	    {"few", "\nviolation: VIP 10.77.0.100, 3 of 250 hosts: 10.77.1.1-3\n",
		"\n    10.77.1.1  02:00:00:01:00:00\n    10.77.1.2  02:00:00:01:00:01\n    "
		"03:04:05"},
	    {"all", "\nviolation: VIP 10.77.0.100, 250 hosts: 10.77.1.1-250\n",
		"\n    10.77.1.1-200\n    03:04:05"},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = written(&report_text, &plain, cases[i].sample);

		assert_in_range(count_of(text, "\n"), 10, 40);
		assert_holds(text, cases[i].servers);
		assert_holds(text, "\nviolation: vip-reply, vip-source of 2");
		assert_int_equal(count_of(text, "sysctl -w"), 2); /* of two faults */
		assert_string_equal(&text[strlen(text) - strlen(cases[i].last)], cases[i].last);
		free(text);
		text = written(&report_text, &quiet, cases[i].sample);
		assert_string_equal(text, &cases[i].last[1]);
		free(text);
		text = written(&report_text, &verbose, cases[i].sample);
		assert_int_equal(count_of(text, "\n  10.77.1.") / 2, 250); /* table and basis */
		free(text);
	}
	char *text = written(&report_text, &plain, "few");

	assert_holds(text, "\n247 compliant: 10.77.1.4-250\n");
	free(text);
}

/* However many faults there are, the report fits a screen, and says what it leaves out. */
static void
test_text_fits_a_screen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sample_count; i++) {
		char *text = written(&report_text, &plain, samples[i].name);

		assert_in_range(count_of(text, "\n"), 3, 40);
		free(text);
	}
	char *text = written(&report_text, &plain, "violation");

	/* There is no room for all remedies: the first fault has its own. The others have a line.
	 */
	assert_holds(text, "\nviolation: vip-reply, vip-source\n");
	/* What fits only a VIP on another interface does not stand alone. */
	assert_holds(text, " (arp_ignore 0 or 3, or 1 or 2 if the VIP is on the\n"
			   "    answering interface)\n");
	assert_holds(text, "\nviolation: 10.77.0.15 (service): ");
	assert_holds(text, "\nframes and remedies of 6 of the violations: see -v\n");
	free(text);
}

static void
test_text_of_violations(void **state)
{
	char *text = written(&report_text, &verbose, "violation");

	(void)state;
	assert_holds(text, "VIP 10.77.0.100: violation, 2 owners:\n"
			   "    10.77.0.3 (02:00:00:00:00:03, director)\n"
			   "    10.77.0.12 (02:00:00:00:00:0c, not known to be the director)\n");
	/* The columns of the failed checks are there, among them the one for the service. */
	assert_holds(text,
	    "  RIP        MAC               ROLE        REPLY SOURCE BOUND UNIQUE PROXY SERVICE "
	    "VERDICT      NAME\n");
	assert_holds(text,
	    "  10.77.0.12 02:00:00:00:00:0c real-server FAIL  FAIL   ok    ok     ok    -       "
	    "violation    rs2\n");
	assert_holds(text,
	    "  10.77.0.14 -                 real-server ?     ?      ?     ?      ?     -       "
	    "inconclusive rs4\n");
	assert_holds(text,
	    "  10.77.0.15 02:00:00:00:00:0f real-server ok    ok     ok    FAIL   FAIL  FAIL    "
	    "violation\n");
	assert_holds(text,
	    "  -          02:00:00:00:00:10 unlisted    FAIL  -      -     -      -     -       "
	    "violation\n");
	assert_holds(text,
	    "violation: VIP 10.77.0.100, vip-owner\n"
	    "    2 MACs answer ARP requests for 10.77.0.100: 02:00:00:00:00:03 (10.77.0.3),\n"
	    "    02:00:00:00:00:0c (10.77.0.12)\n");
	free(text);
}

/* One remedy covers several findings. The report lists them together and prints the remedy once,
 * ready to paste. */
static void
test_text_prints_a_shared_remedy_once(void **state)
{
	char *text = written(&report_text, &verbose, "violation");

	(void)state;
	assert_holds(text,
	    "violation: 10.77.0.12 (rs2), vip-reply\n"
	    "    the host answers ARP requests for 10.77.0.100, so traffic for the VIP\n"
	    "    bypasses the director\n"
	    "    03:04:05.680  ARP, reply 10.77.0.100 is-at 02:00:00:00:00:0c (frame 17)\n"
	    "violation: 10.77.0.12 (rs2), vip-source\n"
	    "    the host sends ARP requests as 10.77.0.100, and each of them takes the VIP\n"
	    "    from the director\n"
	    "    03:04:05.724  ARP, request who-has 10.77.0.249 tell 10.77.0.100\n"
	    "                  (02:00:00:00:00:0c), broadcast (frame 31)\n"
	    "violation: 10.77.0.13 (rs3), vip-source\n"
	    "    the host sends ARP requests as 10.77.0.100, and each of them takes the VIP\n"
	    "    from the director\n"
	    "    03:04:05.730  ARP, request who-has 10.77.0.248 tell 10.77.0.100\n"
	    "                  (02:00:00:00:00:0d), broadcast\n"
	    "    remedy for 10.77.0.12 (rs2), 10.77.0.13 (rs3):\n"
	    "        # now, and for good:\n"
	    "        sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2\n"
	    "        printf 'net.ipv4.conf.all.%s\\n' arp_ignore=1 arp_announce=2 "
	    ">/etc/sysctl.d/90-lvs-dr.conf\n"
	    "\n");
	assert_int_equal(count_of(text, "sysctl -w"), 1);
	/* The worst finding comes first, whatever its place in the result. */
	assert_true(strstr(text, "violation: 10.77.0.15, service") <
		    strstr(text, "inconclusive: 10.77.0.14 (rs4), vip-reply"));
	assert_true(strstr(text, "inconclusive: 10.77.0.14 (rs4), vip-reply") <
		    strstr(text, "note: VIP 10.77.0.100, owner-restored"));
	free(text);
}

/* Groups come in the order of their first findings, and so do the findings in each. */
static void
test_text_of_inconclusive_hosts(void **state)
{
	char *text = written(&report_text, &verbose, "inconclusive");

	(void)state;
	/* Checks that a host that is down could not get have no column. The service has one because
	 * its port was named. */
	assert_holds(text,
	    "\n  RIP        MAC               ROLE        REPLY SOURCE BOUND SERVICE "
	    "VERDICT      NAME\n"
	    "  10.77.0.9  -                 real-server ?     ?      ?     -       "
	    "inconclusive rs1\n"
	    "  10.77.0.12 02:00:00:00:00:0c real-server ok    ok     ?     -       "
	    "inconclusive rs2\n"
	    "  10.77.0.13 02:00:00:00:00:0d real-server ok    ok     ok    ok      "
	    "compliant    rs3\n");
	assert_holds(text,
	    "\n\ninconclusive: 10.77.0.9 (rs1), vip-reply\n"
	    "    the host does not answer for 10.77.0.9: it is down, is not on this segment,\n"
	    "    or has arp_ignore=8\n"
	    "inconclusive: 10.77.0.14 (rs4), vip-reply\n"
	    "    the host does not answer for 10.77.0.14: it is down, is not on this segment,\n"
	    "    or has arp_ignore=8\n"
	    "    remedy for 10.77.0.9 (rs1), 10.77.0.14 (rs4):\n"
	    "        # check that the host is up, and that this is its segment\n"
	    "\n"
	    "inconclusive: 10.77.0.12 (rs2), vip-bound\n"
	    "    the host shows no sign of holding 10.77.0.100: the VIP is not bound, or the\n"
	    "    replies are filtered\n"
	    "    remedy:\n"
	    "        ip -4 addr show to 10.77.0.100\n"
	    "\n"
	    "wire: ");
	free(text);
}

static void
test_text_merges_findings_of_several_vips(void **state)
{
	char *text = written(&report_text, &verbose, "several");

	(void)state;
	assert_holds(text, "web on eth0 VLAN 12, probe ");
	assert_holds(text,
	    "\nVIP 10.77.0.101: inconclusive, owner 00:00:5e:00:01:33 (VRRP VRID 51, director)\n");
	assert_holds(text,
	    "inconclusive: 10.77.0.13 (rs3), vip-reply for 10.77.0.100, 10.77.0.101\n"
	    "    the host does not answer for 10.77.0.13: it is down, is not on this segment,\n"
	    "    or has arp_ignore=8\n"
	    "    remedy:\n"
	    "        # check that the host is up, and that this is its segment\n"
	    "\n"
	    "wire: ");
	assert_int_equal(count_of(text, "does not answer for"),
	    3); /* in its finding, and in the basis of each VIP */
	free(text);
}

static void
test_summaries(void **state)
{
	static const struct {
		const char *sample, *summary;
	} cases[] = {
	    {"compliant", "compliant: VIP 10.77.0.100, 2 hosts\n"},
	    {"violation",
		"violation: VIP 10.77.0.100, 4 of 7 hosts: 10.77.0.12 (rs2), and 3 more\n"},
	    {"inconclusive",
		"inconclusive: VIP 10.77.0.100, 3 of 4 hosts: 10.77.0.9 (rs1), and 2 more\n"},
	    {"incomplete", "inconclusive, INCOMPLETE: VIP 10.77.0.100, 2 hosts\n"},
	    {"empty", "inconclusive: VIP 10.77.0.100, no hosts: no-hosts\n"},
	    {"nothing", "inconclusive: no VIPs\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *whole = written(&report_text, &plain, cases[i].sample);
		const size_t length = strlen(whole), summary = strlen(cases[i].summary);

		assert_report(&quiet, cases[i].sample, cases[i].summary);
		assert_true(length >= summary);
		assert_string_equal(&whole[length - summary], cases[i].summary);
		free(whole);
	}
}

/* All combinations of reasons why an audit is no success. */
static void
test_text_calls_only_compliant_audits_compliant(void **state)
{
	static const char *const samples_without[] = {"empty", "nothing"};
	struct result result = sample_result("compliant");

	(void)state;
	assert_int_equal(result_verdict(&result), VERDICT_COMPLIANT);
	result.complete = false;
	assert_int_equal(result_verdict(&result), VERDICT_INCONCLUSIVE);
	result.verdict = VERDICT_VIOLATION;
	assert_int_equal(result_verdict(&result), VERDICT_VIOLATION);
	result_free(&result);
	assert_null(result.arena);

	for (size_t i = 0; i < 2; i++) {
		const struct report_style *const styles[] = {&plain, &quiet, &verbose};

		for (size_t k = 0; k < 3; k++) {
			char *text = written(&report_text, styles[k], samples_without[i]);

			assert_lacks(text, "compliant");
			free(text);
		}
	}
}

static void
test_text_marks_incomplete_audits(void **state)
{
	char *text = written(&report_text, &plain, "incomplete");

	(void)state;
	assert_holds(text, "inconclusive, INCOMPLETE: VIP 10.77.0.100, 2 hosts\n"
			   "signal 15 ended the audit before everything was decided\n");
	free(text);
	text = written(&report_text, &plain, "compliant");
	assert_lacks(text, "INCOMPLETE");
	free(text);
}

static void
test_text_of_an_empty_sweep(void **state)
{
	char *text = written(&report_text, &verbose, "empty");

	(void)state;
	assert_holds(text, "0 of 253 addresses answered");
	assert_holds(text,
	    "\n  sweep: the probability that a host that is up was missed is below 2.5e-01\n");
	assert_holds(text, "\n\n  no hosts\n\n");
	assert_holds(text, "\n  not judged: 9 hosts without a sign of 10.77.0.100: 10.77.0.20, ");
	assert_holds(
	    text, "10.77.0.27 and 1\n    more; if one is a real server, name it: --rs HOSTS\n");
	free(text);
	text = written(&report_text, &plain, "empty");
	assert_lacks(text, "sweep:");
	free(text);
	text = written(&report_json, &plain, "empty");
	assert_holds(text, "\"sweep_bound\": 0.25");
	free(text);
	/* Hosts that were named are not swept. */
	text = written(&report_json, &plain, "violation");
	assert_holds(text, "\"sweep_bound\": null");
	free(text);
}

/* Silences are void when the kernel dropped frames. The report says so without -v. */
static void
test_text_mentions_dropped_frames(void **state)
{
	char *text = written(&report_text, &plain, "inconclusive");

	(void)state;
	assert_holds(text,
	    "wire: 61 frames sent (12 broadcasts), 74 captured, 3 dropped by the kernel;\n"
	    "      12.50% of the exchanges lost\n");
	free(text);
	text = written(&report_text, &plain, "compliant");
	assert_lacks(text, "wire:");
	free(text);
}

static void
test_verbose_text(void **state)
{
	char *text = written(&report_text, &verbose, "violation");

	(void)state;
	assert_holds(text,
	    "  10.77.0.11 (rs1)\n"
	    "    vip-reply     pass, 9 confirmations, false pass probability below 2.1e-07\n"
	    "    vip-source    pass, 1 confirmation, observed directly\n"
	    "    vip-bound     pass, 1 confirmation\n"
	    "    rip-unique    pass, 1 confirmation\n"
	    "    proxy-arp     pass, 1 confirmation\n"
	    "    service       skipped: no TCP port was named\n"
	    "    arp_ignore    1 or 2; inferred from its behaviour\n"
	    "    arp_announce  2; inferred from its behaviour\n"
	    "\n");
	assert_holds(text,
	    "  10.77.0.14 (rs4)\n"
	    "    vip-reply     inconclusive: the host does not answer for 10.77.0.14: it "
	    "is\n"
	    "                  down, is not on this segment, or has arp_ignore=8\n"
	    "    vip-source    inconclusive: as above\n");
	assert_holds(text,
	    "    arp_ignore    0 or 3, or 1 or 2 if the VIP is on the answering interface;\n"
	    "                  inferred from its behaviour\n"
	    "    arp_announce  0 or 1, or any if the VIP is the host's first address;\n"
	    "                  inferred from its behaviour\n");
	assert_holds(text, "\nwire: 61 frames sent (12 broadcasts), 74 captured, 0 dropped");
	free(text);
}

/* Only the styled words differ from the plain report. */
static void
test_colored_text(void **state)
{
	char *text = written(&report_text, &colored, "violation");
	char *plain_text = written(&report_text, &plain, "violation");
	char *to = text;

	(void)state;
	assert_holds(text, "\n\033[1;31mviolation\033[0m: vip-reply, vip-source\n");
	assert_holds(text, "\n\033[32m1 compliant\033[0m: 10.77.0.11");
	assert_holds(text, "\n\033[1;31mviolation\033[0m: VIP 10.77.0.100, 4 of 7 hosts: ");
	assert_lacks(plain_text, "\033");
	for (const char *from = text; *from != '\0';) {
		if (*from == '\033')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_string_equal(text, plain_text);
	free(text);
	free(plain_text);
}

static void
test_text_is_safe_for_terminals(void **state)
{
	const struct report_style *const styles[] = {&plain, &quiet, &verbose};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *text = written(&report_text, styles[i], "hostile");
		char *safe = malloc(strlen(text) + 1);

		assert_non_null(safe);
		assert_string_equal(text, printable_lines(text, safe, strlen(text) + 1));
		free(safe);
		/* A name can't start a line of its own. */
		assert_lacks(text, "\nVIP 10.77.0.100: compliant");
		free(text);
	}
	char *text = written(&report_text, &verbose, "hostile");

	assert_holds(text, "\"web\\?]0;title? on eth0?VIP 10.77.0.100: compliant, probe ");
	assert_holds(text, "compliant    rs?[2J????????1 gr\xc3\xbc\xc3\x9f"
			   "e\n");
	assert_holds(text, "    remedy:\n        # one?[31m\n        compliant?\n");
	free(text);
}

static const json_t *
member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		fail_msg("no \"%s\"", key);
	return value;
}

static void
assert_text(const json_t *object, const char *key, const char *expected)
{
	assert_true(json_is_string(member(object, key)));
	assert_string_equal(json_string_value(member(object, key)), expected);
}

static void
assert_integer(const json_t *object, const char *key, json_int_t expected)
{
	assert_true(json_is_integer(member(object, key)));
	assert_int_equal(json_integer_value(member(object, key)), expected);
}

static void
assert_real(const json_t *object, const char *key, double expected)
{
	assert_true(json_is_real(member(object, key)));
	assert_true(json_real_value(member(object, key)) == expected);
}

/* Asserts the object's keys in their order, as "a b c". */
static void
assert_keys(json_t *object, const char *expected)
{
	char keys[256] = "";
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		const size_t used = strlen(keys);

		(void)snprintf(&keys[used], sizeof(keys) - used, "%s%s", used == 0 ? "" : " ", key);
	}
	assert_string_equal(keys, expected);
}

static json_t *
vip_in(const json_t *report, size_t index)
{
	const json_t *cluster = json_array_get(member(report, "clusters"), 0);
	json_t *vip = json_array_get(member(cluster, "vips"), index);

	assert_non_null(vip);
	return vip;
}

static json_t *
host_in(const json_t *report, size_t index)
{
	json_t *host = json_array_get(member(vip_in(report, 0), "hosts"), index);

	assert_non_null(host);
	return host;
}

static void
test_json_keys_are_in_the_order_of_the_contract(void **state)
{
	json_t *report = parsed("violation");
	json_t *cluster = json_array_get(member(report, "clusters"), 0);
	json_t *host = host_in(report, 1);
	json_t *finding = json_array_get(member(host, "findings"), 0);

	(void)state;
	assert_keys(report,
	    "schema tool host options started finished duration_ms complete ended verdict "
	    "exit_status counts clusters wire");
	assert_keys(json_object_get(report, "tool"), "name version");
	assert_keys(cluster, "name interface vlan probe error verdict vips listened_ms hosts_asked "
			     "hosts_alive discovered "
			     "sweep_bound remedies");
	assert_keys(json_object_get(cluster, "probe"), "mac ip host");
	assert_keys(vip_in(report, 0),
	    "vip ports verdict counts directors_expected owners owner_bound "
	    "findings hosts unjudged");
	assert_keys(
	    json_array_get(member(vip_in(report, 0), "owners"), 0), "mac ip vrrp_vrid expected");
	assert_keys(host, "rip name mac role verdict checks inferred findings");
	assert_keys(json_object_get(host, "checks"),
	    "vip-reply vip-source vip-bound rip-unique proxy-arp service");
	assert_keys(json_object_get(json_object_get(host, "checks"), "vip-reply"),
	    "result confirmations false_pass_bound reason");
	assert_keys(json_object_get(host, "inferred"), "arp_ignore arp_announce");
	assert_keys(finding, "id severity cause title message remedy remedy_id evidence");
	assert_keys(json_array_get(member(finding, "evidence"), 0), "time frame summary bytes");
	assert_keys(json_object_get(report, "wire"),
	    "frames_sent broadcasts_sent frames_captured kernel_drops loss_estimate "
	    "leaks_provoked owner_restored evidence_omitted peak_host_arp_per_s");
	json_decref(report);
}

static void
test_json_of_violations(void **state)
{
	json_t *report = parsed("violation");
	const json_t *cluster = json_array_get(member(report, "clusters"), 0);
	const json_t *leaking = host_in(report, 1);
	const json_t *finding = json_array_get(member(leaking, "findings"), 0);
	const json_t *evidence = json_array_get(member(finding, "evidence"), 0);
	const json_t *wire = member(report, "wire");

	(void)state;
	assert_text(report, "schema", "arpaudit-report/1");
	assert_text(member(report, "tool"), "name", "arpaudit");
	assert_text(member(report, "tool"), "version", PACKAGE_VERSION);
	assert_text(report, "started", "2026-01-02T03:04:05.678901Z");
	assert_text(report, "finished", "2026-01-02T03:04:06.889246Z");
	assert_real(report, "duration_ms", 1210.345);
	assert_true(json_is_true(member(report, "complete")));
	assert_text(report, "ended", "done");
	assert_real(cluster, "listened_ms", 1150.345);
	assert_text(report, "verdict", "violation");
	assert_true(json_is_null(member(cluster, "vlan")));
	assert_text(member(cluster, "probe"), "mac", "02:00:00:00:00:c8");
	assert_text(member(cluster, "probe"), "ip", "10.77.0.200");
	assert_integer(cluster, "hosts_asked", 5);
	assert_integer(cluster, "hosts_alive", 4);
	assert_text(leaking, "rip", "10.77.0.12");
	assert_text(leaking, "name", "rs2");
	assert_text(leaking, "mac", "02:00:00:00:00:0c");
	assert_text(leaking, "role", "real-server");
	assert_text(leaking, "verdict", "violation");
	assert_text(finding, "id", "vip-reply");
	assert_text(finding, "severity", "violation");
	assert_text(finding, "cause", "answers-for-vip");
	assert_holds(json_string_value(member(finding, "title")), "ARP requests for the VIP");
	assert_holds(json_string_value(member(finding, "remedy")), "for good:\nsysctl -w ");
	assert_text(evidence, "time", "2026-01-02T03:04:05.680135Z");
	assert_integer(evidence, "frame", 17);
	assert_text(evidence, "bytes", "ffffffffffff02000a");
	assert_integer(wire, "broadcasts_sent", 12);
	assert_real(wire, "loss_estimate", 0.125);
	assert_integer(wire, "leaks_provoked", 2);
	assert_integer(wire, "peak_host_arp_per_s", 27);
	assert_true(json_is_true(member(wire, "owner_restored")));
	json_decref(report);
}

static void
test_json_of_checks(void **state)
{
	json_t *report = parsed("violation");
	const json_t *passes = member(host_in(report, 0), "checks");
	const json_t *inferred = member(host_in(report, 1), "inferred");

	(void)state;
	assert_text(member(passes, "vip-reply"), "result", "pass");
	assert_integer(member(passes, "vip-reply"), "confirmations", 9);
	assert_real(member(passes, "vip-reply"), "false_pass_bound", 2.1e-7);
	assert_text(member(passes, "vip-reply"), "reason", "");
	assert_real(member(passes, "vip-source"), "false_pass_bound", 0.0);
	assert_true(json_is_null(member(member(passes, "vip-bound"), "false_pass_bound")));
	assert_text(member(passes, "service"), "result", "skipped");
	assert_text(member(passes, "service"), "reason", "no TCP port was named");
	assert_int_equal(json_array_size(member(inferred, "arp_ignore")), 2);
	assert_int_equal(json_integer_value(json_array_get(member(inferred, "arp_ignore"), 0)), 0);
	assert_int_equal(json_integer_value(json_array_get(member(inferred, "arp_ignore"), 1)), 3);
	/* Nothing fits what a claimant did. The array is empty, not absent. */
	inferred = member(host_in(report, 5), "inferred");
	assert_true(json_is_array(member(inferred, "arp_ignore")));
	assert_int_equal(json_array_size(member(inferred, "arp_announce")), 0);
	/* A host that is down shows nothing at all. */
	assert_true(json_is_null(member(host_in(report, 3), "inferred")));
	json_decref(report);
}

static void
test_json_of_unjudged_hosts(void **state)
{
	json_t *report = parsed("empty");
	const json_t *unjudged = member(vip_in(report, 0), "unjudged");

	(void)state;
	assert_int_equal(json_array_size(unjudged), 9);
	assert_text(json_array_get(unjudged, 0), "ip", "10.77.0.20");
	assert_text(json_array_get(unjudged, 0), "mac", "02:00:00:00:00:14");
	assert_text(json_array_get(unjudged, 0), "reason", "it shows no sign of holding the VIP");
	json_decref(report);
}

static void
test_json_has_null_for_unknown_values(void **state)
{
	json_t *report = parsed("violation");
	json_t *several = parsed("several");
	const json_t *finding = json_array_get(member(host_in(report, 2), "findings"), 0);
	const json_t *evidence = json_array_get(member(finding, "evidence"), 0);
	const json_t *owner = json_array_get(member(vip_in(several, 0), "owners"), 0);
	const json_t *cluster = json_array_get(member(several, "clusters"), 0);

	(void)state;
	assert_true(json_is_null(member(host_in(report, 3), "mac")));
	assert_true(json_is_null(member(host_in(report, 4), "name")));
	assert_true(json_is_null(member(host_in(report, 5), "rip")));
	assert_true(json_is_null(member(evidence, "frame")));
	assert_true(json_is_null(member(owner, "ip")));
	assert_integer(owner, "vrrp_vrid", 51);
	assert_true(json_is_true(member(owner, "expected")));
	assert_integer(cluster, "vlan", 12);
	json_decref(report);
	json_decref(several);
}

static void
test_json_of_unsuccessful_audits(void **state)
{
	static const char *const names[] = {"incomplete", "empty", "nothing"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		json_t *report = parsed(names[i]);

		assert_text(report, "verdict", "inconclusive");
		assert_int_equal(json_is_true(member(report, "complete")), i != 0);
		assert_text(report, "ended", i == 0 ? "signal 15" : "done");
		json_decref(report);
	}
}

static void
test_json_of_hostile_texts(void **state)
{
	json_t *report = parsed("hostile");
	const json_t *cluster = json_array_get(member(report, "clusters"), 0);
	const json_t *host = host_in(report, 0);
	const json_t *finding = json_array_get(member(host, "findings"), 0);

	(void)state;
	assert_text(cluster, "name", "\"web\\?]0;title?");
	assert_text(cluster, "interface", "eth0?VIP 10.77.0.100: compliant");
	assert_text(host, "name",
	    "rs?[2J????????1 gr\xc3\xbc\xc3\x9f"
	    "e");
	assert_text(finding, "message", "first??second");
	assert_text(finding, "remedy", "# one?[31m\ncompliant?\n");
	json_decref(report);
}

/* A disk with `room` octets left. */
struct full_disk {
	size_t room;
};

static ssize_t
full_disk_write(void *cookie, const char *buffer, size_t size)
{
	struct full_disk *disk = cookie;

	(void)buffer;
	if (size > disk->room) {
		size = disk->room; /* the caller takes the short count as the error */
		errno = ENOSPC;
	}
	disk->room -= size;
	return (ssize_t)size;
}

static bool
writes_within(const struct report_writer *writer, const struct report_style *style, size_t room,
    bool buffered)
{
	struct full_disk disk = {.room = room};
	struct result result = sample_result("violation");
	FILE *stream = fopencookie(&disk, "w", (cookie_io_functions_t){.write = full_disk_write});
	bool success;

	assert_non_null(stream);
	if (!buffered)
		assert_int_equal(setvbuf(stream, NULL, _IONBF, 0), 0);
	errno = 0;
	success = writer->write(&result, style, stream);
	if (!success)
		assert_int_equal(errno, ENOSPC);
	(void)fclose(stream);
	result_free(&result);
	return success;
}

static void
assert_notices_full_disk(const struct report_writer *writer, const struct report_style *style)
{
	char *text = written(writer, style, "violation");
	const size_t length = strlen(text);

	free(text);
	assert_true(writes_within(writer, style, length, true));
	assert_true(writes_within(writer, style, length, false));
	for (size_t room = 0; room < length; room += room < 64 || room > length - 64 ? 1 : 61) {
		assert_false(writes_within(writer, style, room, true));
		assert_false(writes_within(writer, style, room, false));
	}
}

static void
test_full_disk(void **state)
{
	(void)state;
	for (size_t i = 0; i < WRITER_COUNT; i++)
		assert_notices_full_disk(writers[i], &plain);
	assert_notices_full_disk(&report_text, &quiet);
	assert_notices_full_disk(&report_text, &colored);
}

static void
test_full_device(void **state)
{
	(void)state;
	for (size_t i = 0; i < WRITER_COUNT; i++) {
		struct result result = sample_result("compliant");
		FILE *stream = fopen("/dev/full", "w");

		assert_non_null(stream);
		assert_false(writers[i]->write(&result, &plain, stream));
		assert_int_equal(errno, ENOSPC);
		(void)fclose(stream);
		result_free(&result);
	}
}

static size_t allocations_left;

static void *
limited_malloc(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left--;
	return malloc(size);
}

/* If any allocation fails, no part of the report is written. */
static void
test_json_without_memory(void **state)
{
	char *whole = written(&report_json, &plain, "inconclusive");
	size_t limit = 0;
	bool success = false;

	(void)state;
	json_set_alloc_funcs(limited_malloc, free);
	for (; !success; limit++) {
		struct result result = sample_result("inconclusive");
		char *text = NULL;
		size_t size = 0;
		FILE *stream = open_memstream(&text, &size);

		assert_non_null(stream);
		allocations_left = limit;
		success = report_json.write(&result, &plain, stream);
		assert_int_equal(fclose(stream), 0);
		if (success)
			assert_string_equal(text, whole);
		free(text);
		result_free(&result);
	}
	json_set_alloc_funcs(malloc, free);
	assert_true(limit > 100);
	free(whole);
}

static void
test_formats(void **state)
{
	char formats[REPORT_FORMATS_SIZE], cut[6];
	char *rest = NULL;
	char *word;

	(void)state;
	assert_ptr_equal(report_writer_find("text", 4), &report_text);
	assert_ptr_equal(report_writer_find("json:report.json", 4), &report_json);
	assert_null(report_writer_find("json", 3));
	assert_ptr_equal(report_writer_find("jsonl", 5), &report_jsonl);
	assert_null(report_writer_find("jsonlines", 9));
	assert_null(report_writer_find("", 0));
	assert_ptr_equal(report_writer_default(), writers[0]);
	assert_ptr_equal(report_formats(formats, sizeof(formats)), formats);
	word = strtok_r(formats, ", ", &rest);
	for (size_t i = 0; i < WRITER_COUNT; i++) {
		assert_non_null(word);
		assert_string_equal(word, writers[i]->format);
		assert_ptr_equal(report_writer_find(word, strlen(word)), writers[i]);
		word = strtok_r(NULL, ", ", &rest);
	}
	assert_null(word);
	assert_string_equal(report_formats(cut, sizeof(cut)), "text,");
}

static void
test_arena(void **state)
{
	struct arena *arena = arena_new();
	char *last = NULL;

	(void)state;
	assert_non_null(arena);
	for (size_t size = 0; size < 200000; size = 3 * size + 1) {
		char *memory = arena_alloc(arena, size, 1);

		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
		last = arena_format(arena, "%zu octets", size);
	}
	assert_string_equal(last, "88573 octets");
	arena_free(arena);
	arena_free(NULL);
}

static void
test_printable(void **state)
{
	static const struct {
		const char *text, *safe;
	} cases[] = {
	    {"", ""},
	    {"plain ~", "plain ~"},
	    {"\x01\t\n\r\x1b\x7f", "??????"},
	    {"\xc2\x80\xc2\x9f\xc2\xa0", "??\xc2\xa0"}, /* C1, then U+00A0 */
	    {"\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80"},
	    {"\xe2\x80\xae\xd8\x9c\xe2\x81\xa6\xe2\x80\xa8", "????"}, /* bidirectional, line */
	    {"\x80\xbf\xfe\xff", "????"},
	    {"\xc0\xaf\xc1\xbf", "????"},                                            /* overlong */
	    {"\xe0\x9f\xbf\xf0\x8f\xbf\xbf", "???????"},                             /* overlong */
	    {"\xed\x9f\xbf\xed\xa0\x80\xee\x80\x80", "\xed\x9f\xbf???\xee\x80\x80"}, /* surrogate */
	    {"\xf4\x8f\xbf\xbf\xf4\x90\x80\x80", "\xf4\x8f\xbf\xbf????"},
	    {"\xe2\x82", "??"}, /* cut short */
	    {"\xe2\x82"
	     "a",
		"??a"},
	};
	char safe[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(printable(cases[i].text, safe, sizeof(safe)), cases[i].safe);
	assert_string_equal(printable_lines("a\nb\r\n", safe, sizeof(safe)), "a\nb?\n");
	/* The text is cut between characters. */
	assert_string_equal(printable("ab\xe2\x82\xac", safe, 5), "ab");
	assert_string_equal(printable("ab\xe2\x82\xac", safe, 6), "ab\xe2\x82\xac");
	assert_string_equal(printable("ab", safe, 1), "");
	assert_int_equal(printable_width("ab\xe2\x82\xac"), 3);
	assert_int_equal(printable_width(""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_of_a_compliant_cluster),
	    cmocka_unit_test(test_text_of_a_vip_without_owner),
	    cmocka_unit_test(test_text_of_few_and_of_all),
	    cmocka_unit_test(test_text_fits_a_screen),
	    cmocka_unit_test(test_text_of_violations),
	    cmocka_unit_test(test_text_prints_a_shared_remedy_once),
	    cmocka_unit_test(test_text_of_inconclusive_hosts),
	    cmocka_unit_test(test_text_merges_findings_of_several_vips),
	    cmocka_unit_test(test_summaries),
	    cmocka_unit_test(test_text_calls_only_compliant_audits_compliant),
	    cmocka_unit_test(test_text_marks_incomplete_audits),
	    cmocka_unit_test(test_text_of_an_empty_sweep),
	    cmocka_unit_test(test_text_mentions_dropped_frames),
	    cmocka_unit_test(test_verbose_text),
	    cmocka_unit_test(test_colored_text),
	    cmocka_unit_test(test_text_is_safe_for_terminals),
	    cmocka_unit_test(test_json_keys_are_in_the_order_of_the_contract),
	    cmocka_unit_test(test_json_of_violations),
	    cmocka_unit_test(test_json_of_checks),
	    cmocka_unit_test(test_json_of_unjudged_hosts),
	    cmocka_unit_test(test_json_has_null_for_unknown_values),
	    cmocka_unit_test(test_json_of_unsuccessful_audits),
	    cmocka_unit_test(test_json_of_hostile_texts),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_full_device),
	    cmocka_unit_test(test_json_without_memory),
	    cmocka_unit_test(test_formats),
	    cmocka_unit_test(test_arena),
	    cmocka_unit_test(test_printable),
	};

	/* The text report shows local time. */
	if (setenv("TZ", "UTC0", 1) != 0)
		return 1;
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
