/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token bucket as a generic cell rate algorithm (GCRA, ITU-T I.371). Its only state is a time, so
 * rounding errors do not accumulate, nor does the lateness of who takes a frame, up to half a
 * frame's time. In any period it passes at most rate × period + burst + 1 frames.
 */
#ifndef ARPAUDIT_AUDIT_PACE_BUCKET_H
#define ARPAUDIT_AUDIT_PACE_BUCKET_H

#include <stdint.h>

struct bucket {
	uint64_t interval_ns;  /* time per frame; 0: unlimited */
	uint64_t tolerance_ns; /* how far the bucket may run ahead: (burst - 1) × interval_ns */
	uint64_t arrival_ns;   /* theoretical arrival time of the next frame */
};

/* `rate` is in frames per second, 0 for no limit. `burst` is at least 1 frame. */
void bucket_init(struct bucket *bucket, uint32_t rate, uint32_t burst);
/* Takes as much as that many frames. It may take more than there is; then the next one waits
 * longer.
 */
void bucket_take(struct bucket *bucket, uint64_t now_us, uint32_t frames);

/* The earliest time for the next bucket_take(). At or before the present if a frame may leave
 * now. */
static inline uint64_t
bucket_ready_us(const struct bucket *bucket)
{
	if (bucket->arrival_ns <= bucket->tolerance_ns)
		return 0;
	/* Rounded up, so that the frame is due at the returned time. */
	return (bucket->arrival_ns - bucket->tolerance_ns + 999) / 1000;
}

/* The earliest time at which it runs ahead by no more than that many frames, whatever its burst. */
static inline uint64_t
bucket_ahead_us(const struct bucket *bucket, uint32_t frames)
{
	const uint64_t ahead_ns = bucket->interval_ns * frames;

	return bucket->arrival_ns <= ahead_ns ? 0 : (bucket->arrival_ns - ahead_ns + 999) / 1000;
}

#endif
