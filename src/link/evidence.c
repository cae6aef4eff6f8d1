/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/evidence.h"

#include <assert.h>
#include <errno.h>

/* No frame of an audit is longer: what readers are told to expect. */
#define LENGTH_MAX 65535

bool
evidence_open(struct evidence_file *file, const char *path, struct error *error)
{
	*file = (struct evidence_file){.count = 0};
	if (!output_open(&file->output, path, error))
		return false;
	file->format = pcap_open_dead(DLT_EN10MB, LENGTH_MAX);
	if (file->format != NULL)
		file->dumper = pcap_dump_fopen(file->format, file->output.stream);
	if (file->dumper != NULL)
		return true;
	error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s",
	    file->output.path == NULL ? "standard output" : file->output.path,
	    file->format == NULL ? "out of memory" : pcap_geterr(file->format));
	evidence_discard(file);
	return false;
}

uint64_t
evidence_keep(struct evidence_file *file, const struct capture *capture)
{
	const struct pcap_pkthdr header = {
	    .ts = {.tv_sec = (time_t)(capture->time_us / 1000000),
		.tv_usec = (suseconds_t)(capture->time_us % 1000000)},
	    .caplen = (bpf_u_int32)capture->length,
	    .len = (bpf_u_int32)capture->wire_length,
	};

	if (file->dumper == NULL || file->output.failure != 0)
		return 0;
	assert(capture->length <= capture->wire_length && capture->length <= LENGTH_MAX);
	/* pcap_dump() tells of a failed write by nothing but the stream's error flag. */
	errno = 0;
	pcap_dump((unsigned char *)file->dumper, &header, capture->bytes);
	if (ferror(file->output.stream)) {
		file->output.failure = errno != 0 ? errno : EIO;
		return 0;
	}
	return ++file->count;
}

/* Not pcap_dump_close(): the dumper is no more than the stream, which the output closes. */
static void
release(struct evidence_file *file)
{
	if (file->format != NULL)
		pcap_close(file->format);
	*file = (struct evidence_file){.count = 0};
}

bool
evidence_commit(struct evidence_file *file, struct error *error)
{
	const bool good = file->dumper == NULL || output_commit(&file->output, error);

	release(file);
	return good;
}

void
evidence_discard(struct evidence_file *file)
{
	output_discard(&file->output);
	release(file);
}
