/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The evidence file: the frames of an audit in a pcap file for Wireshark, tshark and tcpdump.
 *
 * The format is classic pcap with nanoseconds and link type Ethernet. libpcap writes it to an
 * output (output.h), so the file appears whole at the end of the audit or not at all. Frames are
 * numbered from 1 in the order in which they are kept, as Wireshark numbers them. The file has the
 * captured octets of each frame and its length on the wire.
 *
 * A zero-initialized evidence file is closed: it accepts frames without error and keeps none.
 */
#ifndef ARPAUDIT_EVIDENCE_H
#define ARPAUDIT_EVIDENCE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"
#include "arpaudit/output.h"

struct evidence_file {
	struct output output;
	pcap_t *format;
	pcap_dumper_t *dumper;   /* writes to output.stream; NULL: closed */
	uint64_t count;          /* frames kept */
	uint64_t size, size_max; /* octets */
	uint64_t omitted; /* frames left out because the file is full; kept when it is closed */
};

#define EVIDENCE_SIZE_MAX_DEFAULT (UINT64_C(64) << 20)

/* Opens the output as output_open() does; "-" is standard output. The file gets no more than
 * `size_max` octets, and no frame after the first that does not fit. On failure it is closed. */
bool evidence_open(
    struct evidence_file *file, const char *path, uint64_t size_max, struct error *error);

/*
 * Keeps a frame and returns its number. Uses the times, bytes, length and wire_length of `capture`.
 * Returns 0 if the file is closed or full or a write has failed; the audit can continue, and
 * evidence_commit() reports the failure. Waits while a pipe is full, but gives the file up if its
 * reader takes nothing for two seconds: a reader that has stopped must not stop the audit.
 */
uint64_t evidence_keep(struct evidence_file *file, const struct capture *capture);

/* Completes the file as output_commit() does and closes it. On failure (EXIT_CANNOT_RUN) an
 * existing file is left unchanged. */
bool evidence_commit(struct evidence_file *file, struct error *error);
/* Removes what was written and closes the file. Harmless after evidence_commit(). */
void evidence_discard(struct evidence_file *file);

#endif
