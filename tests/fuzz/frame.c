/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for the decoder of frames. The input is a frame as it was captured.
 *
 * A frame with a problem must be FRAME_OTHER, since it is evidence of nothing. What was decoded can
 * be shown, in printable characters, and lies within the bytes.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool good)
{
	if (!good)
		abort();
}

static void
check_addresses(const struct frame *frame)
{
	for (uint8_t i = 0; i < frame->ip.vrrp.address_count; i++) {
		const struct address address = frame_vrrp_address(&frame->ip, i);

		check(address.family == ADDRESS_IPV4);
	}
}

static void
check_summary(const struct frame *frame)
{
	char text[FRAME_SUMMARY_SIZE];

	check(frame_summary(frame, text) == text && strlen(text) < sizeof(text));
	for (const char *letter = text; *letter != '\0'; letter++)
		check(isprint((unsigned char)*letter));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame = {0};
	const enum frame_problem problem = frame_decode(data, size, &frame);

	check(problem == FRAME_OK || frame.kind == FRAME_OTHER);
	check(frame.vlan < 4095);
	if (frame.kind == FRAME_VRRP)
		check_addresses(&frame);
	check_summary(&frame);
	return 0;
}
