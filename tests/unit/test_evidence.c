/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The evidence file: what is kept is what libpcap reads back, and what can't be written is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arpaudit/evidence.h"
#include "scratch.h"

#define TIME_US UINT64_C(1700000000123456)

static void
open_file(struct evidence_file *file, const char *path)
{
	struct error error = {.status = 0};
	const bool good = evidence_open(file, path, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
}

static void
commit(struct evidence_file *file)
{
	struct error error = {.status = 0};
	const bool good = evidence_commit(file, &error);

	assert_string_equal(error.text, "");
	assert_true(good);
	evidence_discard(file); /* does nothing more */
}

static void
refuse_commit(struct evidence_file *file, const char *message)
{
	struct error error = {.status = 0};

	assert_false(evidence_commit(file, &error));
	assert_string_equal(error.text, message);
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_null(file->dumper);
	assert_null(file->output.stream);
}

static uint64_t
keep(struct evidence_file *file, const uint8_t *bytes, size_t length, size_t wire_length,
    uint64_t time_us)
{
	const struct capture capture = {
	    .bytes = bytes, .length = length, .wire_length = wire_length, .time_us = time_us};

	return evidence_keep(file, &capture);
}

/* The next frame of a file is this one. */
static void
expect_frame(
    pcap_t *pcap, const uint8_t *bytes, size_t length, size_t wire_length, uint64_t time_us)
{
	struct pcap_pkthdr *header;
	const unsigned char *found;

	assert_int_equal(pcap_next_ex(pcap, &header, &found), 1);
	assert_int_equal(header->caplen, length);
	assert_int_equal(header->len, wire_length);
	assert_int_equal(header->ts.tv_sec, time_us / 1000000);
	assert_int_equal(header->ts.tv_usec, time_us % 1000000);
	assert_memory_equal(found, bytes, length);
}

static pcap_t *
open_pcap(const char *path)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	pcap_t *const pcap = pcap_open_offline(path, text);

	assert_string_equal(text, "");
	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
	return pcap;
}

static void
expect_end(pcap_t *pcap)
{
	struct pcap_pkthdr *header;
	const unsigned char *found;

	assert_int_equal(pcap_next_ex(pcap, &header, &found), PCAP_ERROR_BREAK);
	pcap_close(pcap);
}

static void
test_round_trip(void **state)
{
	uint8_t bytes[1200];
	struct evidence_file file;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	open_file(&file, "e.pcap");
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 1);
	assert_int_equal(keep(&file, bytes + 1, 60, 60, TIME_US + 1), 2);
	/* Cut by the capture: the wire's length is kept, too. */
	assert_int_equal(keep(&file, bytes + 2, 1106, 9000, TIME_US + 876544), 3);
	assert_int_equal(
	    keep(&file, bytes + 3, 14, 14, TIME_US), 4); /* the clock may be set back */
	assert_int_equal(access("e.pcap", F_OK), -1);    /* not before it is whole */
	commit(&file);

	pcap_t *const pcap = open_pcap("e.pcap");

	expect_frame(pcap, bytes, 42, 42, TIME_US);
	expect_frame(pcap, bytes + 1, 60, 60, TIME_US + 1);
	expect_frame(pcap, bytes + 2, 1106, 9000, TIME_US + 876544);
	expect_frame(pcap, bytes + 3, 14, 14, TIME_US);
	expect_end(pcap);
	scratch_expect_entries(1);
}

static void
test_no_frames(void **state)
{
	struct evidence_file file;

	(void)state;
	open_file(&file, "e.pcap");
	commit(&file);
	expect_end(open_pcap("e.pcap"));
}

static void
test_closed(void **state)
{
	static const uint8_t bytes[42];
	struct evidence_file file = {.count = 0};

	(void)state;
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 0);
	commit(&file);
}

static void
test_discard(void **state)
{
	static const uint8_t bytes[42];
	struct evidence_file file;

	(void)state;
	scratch_write_text("e.pcap", "old");
	open_file(&file, "e.pcap");
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 1);
	evidence_discard(&file);
	evidence_discard(&file);
	scratch_expect("e.pcap", "old");
	scratch_expect_entries(1);
}

static void
test_no_such_place(void **state)
{
	struct evidence_file file;
	struct error error = {.status = 0};

	(void)state;
	assert_false(evidence_open(&file, "none/e.pcap", &error));
	assert_string_equal(error.text,
	    "can't write none/e.pcap: there is no directory none/: create it or name another file");
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_null(file.dumper);
	evidence_discard(&file);
}

/* A write that fails at the very end, when all was still in memory. */
static void
test_full_at_the_end(void **state)
{
	static const uint8_t bytes[42];
	struct evidence_file file;
	struct stat status;

	(void)state;
	open_file(&file, "/dev/full");
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 1);
	refuse_commit(&file, "can't write /dev/full: No space left on device");
	assert_int_equal(stat("/dev/full", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

/* One that fails on the way: from then on no frame has a number, and its reason is kept. */
static void
test_full_on_the_way(void **state)
{
	static const uint8_t bytes[1000];
	struct evidence_file file;
	uint64_t number = 1;

	(void)state;
	open_file(&file, "/dev/full");
	for (size_t i = 0; i < 1000 && number > 0; i++)
		number = keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US);
	assert_int_equal(number, 0);
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 0);
	refuse_commit(&file, "can't write /dev/full: No space left on device");
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILES(test_round_trip),
	    WITH_FILES(test_no_frames),
	    WITH_FILES(test_closed),
	    WITH_FILES(test_discard),
	    WITH_FILES(test_no_such_place),
	    WITH_FILES(test_full_at_the_end),
	    WITH_FILES(test_full_on_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
