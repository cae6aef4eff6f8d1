/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/evidence.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

/* The snapshot length in the file header. No frame of an audit is longer. */
#define SNAPSHOT_SIZE 65535
/* A reader that takes nothing for this long has stopped. */
#define PATIENCE_MS 2000
/* Octets of the headers of the file and of a frame. */
#define FILE_HEADER_SIZE  24
#define FRAME_HEADER_SIZE 16

bool
evidence_open(struct evidence_file *file, const char *path, uint64_t size_max, struct error *error)
{
	*file = (struct evidence_file){.size = FILE_HEADER_SIZE, .size_max = size_max};
	if (!output_open(&file->output, path, error))
		return false;
	file->format = pcap_open_dead_with_tstamp_precision(
	    DLT_EN10MB, SNAPSHOT_SIZE, PCAP_TSTAMP_PRECISION_NANO);
	if (file->format != NULL)
		file->dumper = pcap_dump_fopen(file->format, file->output.stream);
	if (file->dumper != NULL)
		return true;
	/* libpcap fails here for nothing else. */
	errno = ENOMEM;
	output_fail(&file->output, error);
	evidence_discard(file);
	return false;
}

/* Waits until the file takes more. A pipe that does has room for PIPE_BUF octets, and the stream
 * writes no more at a time. A regular file always does. */
static bool
takes_more(struct evidence_file *file)
{
	struct pollfd polled = {.fd = fileno(file->output.stream), .events = POLLOUT};

	if (file->output.temporary != NULL || file->output.failure != 0)
		return file->output.failure == 0;
	const int ready = poll(&polled, 1, PATIENCE_MS);

	if (ready <= 0)
		file->output.failure = ready == 0 ? ETIMEDOUT : errno;
	return ready > 0;
}

/* Once a frame was left out, so are all that follow: a file with gaps would mislead. */
static bool
has_room(struct evidence_file *file, size_t length)
{
	const uint64_t size = file->size + FRAME_HEADER_SIZE + length;

	if (file->omitted > 0 || size > file->size_max) {
		file->omitted++;
		return false;
	}
	file->size = size;
	return true;
}

uint64_t
evidence_keep(struct evidence_file *file, const struct capture *capture)
{
	const struct pcap_pkthdr header = {
	    .ts = {.tv_sec = (time_t)(capture->time_us / 1000000),
		/* Of this precision libpcap means nanoseconds. */
		.tv_usec = (suseconds_t)(capture->time_us % 1000000 * 1000 + capture->time_ns)},
	    .caplen = (bpf_u_int32)capture->length,
	    .len = (bpf_u_int32)capture->wire_length,
	};

	if (file->dumper == NULL || file->output.failure != 0 || !has_room(file, capture->length) ||
	    !takes_more(file))
		return 0;
	assert(capture->length <= capture->wire_length && capture->length <= SNAPSHOT_SIZE);
	/* pcap_dump() reports a failed write only through the stream's error flag. */
	errno = 0;
	pcap_dump((unsigned char *)file->dumper, &header, capture->bytes);
	if (ferror(file->output.stream)) {
		file->output.failure = errno != 0 ? errno : EIO;
		return 0;
	}
	return ++file->count;
}

/* Does not call pcap_dump_close(): the dumper is just the stream, which the output closes. */
static void
release(struct evidence_file *file)
{
	if (file->format != NULL)
		pcap_close(file->format);
	*file = (struct evidence_file){.omitted = file->omitted};
}

bool
evidence_commit(struct evidence_file *file, struct error *error)
{
	bool good = true;

	if (file->dumper != NULL) {
		(void)takes_more(file); /* if not, that is why the commit fails */
		good = output_commit(&file->output, error);
	}
	release(file);
	return good;
}

void
evidence_discard(struct evidence_file *file)
{
	output_discard(&file->output);
	release(file);
}
