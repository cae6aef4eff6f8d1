/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A capture file, read frame by frame: pcap or pcapng (libpcap), in either byte order, with micro-
 * or nanoseconds, also compressed (gzip, where zlib is built in). A file of any size is read in the
 * memory of one frame.
 *
 * Frames of Ethernet are given as they are. Frames that were captured on "any" interface (Linux
 * cooked capture, version 1 and 2) get an Ethernet header of what is known: the sender's MAC, and
 * whether it was a broadcast.
 */
#ifndef ARPAUDIT_CAPTURE_FILE_H
#define ARPAUDIT_CAPTURE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "arpaudit/error.h"
#include "arpaudit/frame.h"

struct capture_file;

/* "-" is standard input. NULL with EXIT_CANNOT_RUN if it can't be read, or EXIT_USAGE if it is no
 * capture, or one of another link type. */
struct capture_file *capture_file_open(const char *path, struct error *error);
void capture_file_close(struct capture_file *file);

/* Reads the next frame that decodes. Returns 1 with `capture` set, whose bytes are valid until the
 * next call; 0 at the end; -1 with `error` if the file is damaged or can't be read further.
 * `capture.number` is the frame's number in the file, from 1. */
int capture_file_next(struct capture_file *file, struct capture *capture, struct error *error);

#endif
