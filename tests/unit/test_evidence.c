/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The evidence file: libpcap reads back what was kept, and write failures are reported.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
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
	const bool good = evidence_open(file, path, EVIDENCE_SIZE_MAX_DEFAULT, &error);

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
	evidence_discard(file); /* must do nothing */
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

/* Asserts that this is the next frame of the file. */
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
test_frames_round_trip(void **state)
{
	uint8_t bytes[1200];
	struct evidence_file file;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	open_file(&file, "e.pcap");
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 1);
	assert_int_equal(keep(&file, bytes + 1, 60, 60, TIME_US + 1), 2);
	/* Truncated by the capture: the length on the wire is kept too. */
	assert_int_equal(keep(&file, bytes + 2, 1106, 9000, TIME_US + 876544), 3);
	assert_int_equal(
	    keep(&file, bytes + 3, 14, 14, TIME_US), 4); /* the clock may be set back */
	assert_int_equal(access("e.pcap", F_OK), -1);    /* not until it is whole */
	commit(&file);

	pcap_t *const pcap = open_pcap("e.pcap");

	expect_frame(pcap, bytes, 42, 42, TIME_US);
	expect_frame(pcap, bytes + 1, 60, 60, TIME_US + 1);
	expect_frame(pcap, bytes + 2, 1106, 9000, TIME_US + 876544);
	expect_frame(pcap, bytes + 3, 14, 14, TIME_US);
	expect_end(pcap);
	scratch_expect_entries(1);
}

/* Wireshark and libpcap tell the precision by the magic number. */
static void
test_nanoseconds(void **state)
{
	static const uint8_t bytes[42];
	const struct capture capture = {.bytes = bytes,
	    .length = sizeof(bytes),
	    .wire_length = sizeof(bytes),
	    .time_us = TIME_US,
	    .time_ns = 789};
	struct evidence_file file;
	struct pcap_pkthdr *header;
	const unsigned char *found;
	char text[PCAP_ERRBUF_SIZE] = "";
	uint32_t magic = 0;
	pcap_t *pcap;
	FILE *raw;

	(void)state;
	open_file(&file, "e.pcap");
	assert_int_equal(evidence_keep(&file, &capture), 1);
	commit(&file);
	raw = fopen("e.pcap", "rb");
	assert_non_null(raw);
	assert_int_equal(fread(&magic, sizeof(magic), 1, raw), 1);
	assert_int_equal(fclose(raw), 0);
	assert_int_equal(magic, 0xa1b23c4d);
	pcap = pcap_open_offline_with_tstamp_precision("e.pcap", PCAP_TSTAMP_PRECISION_NANO, text);
	assert_non_null(pcap);
	assert_int_equal(pcap_next_ex(pcap, &header, &found), 1);
	assert_int_equal(header->ts.tv_sec, TIME_US / 1000000);
	assert_int_equal(header->ts.tv_usec, 123456789);
	pcap_close(pcap);
}

/* The first frame that does not fit is the end, even if a smaller one still would. */
static void
test_full_file(void **state)
{
	static const uint8_t bytes[100];
	const uint64_t size_max = 24 + (16 + 42) + (16 + 60);
	struct evidence_file file;
	struct error error = {.status = 0};
	struct stat status;

	(void)state;
	assert_true(evidence_open(&file, "e.pcap", size_max, &error));
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 1);
	assert_int_equal(file.omitted, 0);
	assert_int_equal(keep(&file, bytes, 61, 61, TIME_US), 0);
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 0);
	assert_int_equal(file.omitted, 2);
	commit(&file);
	assert_int_equal(file.omitted, 2);

	pcap_t *const pcap = open_pcap("e.pcap");

	expect_frame(pcap, bytes, 42, 42, TIME_US);
	expect_end(pcap);
	assert_true(evidence_open(&file, "e.pcap", size_max, &error));
	assert_int_equal(keep(&file, bytes, 42, 42, TIME_US), 1);
	assert_int_equal(keep(&file, bytes, 60, 9000, TIME_US), 2);
	commit(&file);
	assert_int_equal(file.omitted, 0);
	assert_int_equal(stat("e.pcap", &status), 0);
	assert_int_equal(status.st_size, size_max);
}

static void
test_file_without_frames(void **state)
{
	struct evidence_file file;

	(void)state;
	open_file(&file, "e.pcap");
	commit(&file);
	expect_end(open_pcap("e.pcap"));
}

static void
test_closed_file_keeps_nothing(void **state)
{
	static const uint8_t bytes[42];
	struct evidence_file file = {.count = 0};

	(void)state;
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 0);
	commit(&file);
}

static void
test_discard_keeps_the_old_file(void **state)
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
test_missing_directory(void **state)
{
	struct evidence_file file;
	struct error error = {.status = 0};

	(void)state;
	assert_false(evidence_open(&file, "none/e.pcap", 100, &error));
	assert_string_equal(error.text, "can't write none/e.pcap: directory none/ does not exist: "
					"create it or choose another file");
	assert_int_equal(error.status, EXIT_CANNOT_RUN);
	assert_null(file.dumper);
	evidence_discard(&file);
}

/* The first write happens at commit, and fails. */
static void
test_disk_full_at_commit(void **state)
{
	static const uint8_t bytes[42];
	struct evidence_file file;
	struct stat status;

	(void)state;
	open_file(&file, "/dev/full");
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 1);
	refuse_commit(&file, "can't write /dev/full: No space left on device: free some space "
			     "there or choose another file");
	assert_int_equal(stat("/dev/full", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

/* A write fails earlier. From then on no frame gets a number, and the reason is kept. */
static void
test_disk_full_while_keeping(void **state)
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
	refuse_commit(&file, "can't write /dev/full: No space left on device: free some space "
			     "there or choose another file");
}

/* A FIFO is written while its reader reads. A reader that takes nothing more is given up, and
 * neither a frame nor the commit waits for it again. */
static void
test_reader_stops(void **state)
{
	static const uint8_t bytes[1000];
	struct evidence_file file;
	uint64_t number = 1;
	char octet;
	int reader;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_in_range(reader, 0, INT_MAX);
	open_file(&file, "fifo");
	for (size_t i = 0; i < 1000 && number > 0; i++)
		number = keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US);
	assert_int_equal(number, 0);
	assert_in_range(file.count, 4, 999);
	assert_int_equal(read(reader, &octet, 1), 1);
	refuse_commit(&file, "can't write fifo: its reader has stopped reading: keep its reader "
			     "running until the end");
	assert_int_equal(close(reader), 0);
}

/* The reader stops before the last frames, which are still in the buffer. */
static void
test_reader_stops_before_the_commit(void **state)
{
	static const uint8_t bytes[1000];
	char full[4096] = "";
	struct evidence_file file;
	int reader, writer;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	writer = open("fifo", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0 && writer >= 0);
	open_file(&file, "fifo");
	assert_int_equal(keep(&file, bytes, sizeof(bytes), sizeof(bytes), TIME_US), 1);
	while (write(writer, full, sizeof(full)) == (ssize_t)sizeof(full))
		;
	refuse_commit(&file, "can't write fifo: its reader has stopped reading: keep its reader "
			     "running until the end");
	assert_int_equal(close(reader), 0);
	assert_int_equal(close(writer), 0);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILES(test_frames_round_trip),
	    WITH_FILES(test_nanoseconds),
	    WITH_FILES(test_full_file),
	    WITH_FILES(test_file_without_frames),
	    WITH_FILES(test_closed_file_keeps_nothing),
	    WITH_FILES(test_discard_keeps_the_old_file),
	    WITH_FILES(test_missing_directory),
	    WITH_FILES(test_disk_full_at_commit),
	    WITH_FILES(test_disk_full_while_keeping),
	    WITH_FILES(test_reader_stops),
	    WITH_FILES(test_reader_stops_before_the_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
