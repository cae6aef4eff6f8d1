/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watches of a run: one for each pair.
 */
#ifndef ARPAUDIT_RUN_WATCHES_H
#define ARPAUDIT_RUN_WATCHES_H

#include "arpaudit/run.h"

/* Begins to listen, for each pair that has no error. EXIT_CANNOT_RUN if memory is short. */
bool watches_begin(struct run *run, uint64_t now_us, struct error *error);
/* Gives a frame to those that listen on the segment. */
void watches_receive(
    const struct run *run, const struct run_segment *segment, const struct capture *capture);
/* Whether the frame concerns any of them. */
bool watches_concern(
    const struct run *run, const struct run_segment *segment, const struct capture *capture);
/* The kernel dropped that many frames on the segment. */
void watches_lose(const struct run *run, const struct run_segment *segment, uint64_t count);
/* When the next event may be due without a frame. */
uint64_t watches_wakeup_us(const struct run *run);
/* Nothing more will be heard. */
void watches_end(const struct run *run);
/* Takes the next event of any. */
bool watches_next(const struct run *run, uint64_t now_us, struct event *event);

#endif
