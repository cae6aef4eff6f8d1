/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The evidence file: the frames of an audit as a pcap file, for Wireshark, tshark and tcpdump.
 *
 * Classic pcap with microseconds, Ethernet, written by libpcap onto an output (output.h): the file
 * is there whole when the audit has ended, or not at all. Frames are numbered from 1 in the order
 * in which they are kept, as those programs number them. A frame is kept as far as it was captured,
 * and its length on the wire with it.
 *
 * An evidence file that is all zero is closed: nothing is kept in it, which is no error.
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
	pcap_dumper_t *dumper; /* writes to output.stream; NULL: closed */
	uint64_t count;        /* frames kept */
};

/* As output_open(): "-" is standard output. On failure the file is closed. */
bool evidence_open(struct evidence_file *file, const char *path, struct error *error);

/*
 * Keeps a frame (time_us, bytes, length and wire_length are read) and returns its number. 0 when
 * the file is closed or a write has failed: the audit can go on, and evidence_commit() will say
 * what failed. A pipe that nobody reads makes it wait.
 */
uint64_t evidence_keep(struct evidence_file *file, const struct capture *capture);

/* As output_commit(): on failure (EXIT_CANNOT_RUN) an older file stays. Closes the file. */
bool evidence_commit(struct evidence_file *file, struct error *error);
/* Removes what was written. Closes the file. Safe after commit. */
void evidence_discard(struct evidence_file *file);

#endif
