/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/capture_file.h"
#include "arpaudit/advice.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#define ETHERNET_HEADER 14
#define FRAME_MAX       2048 /* octets of a cooked frame that are given; no decoder reads more */

/* The headers of cooked frames (pcap-linktype(7)), by the places of what is taken from them. */
struct cooked {
	size_t header, type_at, packet_at, packet_size, length_at, length_size, address_at;
};

static const struct cooked cooked_1 = {
    .header = 16,
    .type_at = 14,
    .packet_at = 0,
    .packet_size = 2,
    .length_at = 4,
    .length_size = 2,
    .address_at = 6,
};
static const struct cooked cooked_2 = {
    .header = 20,
    .type_at = 0,
    .packet_at = 10,
    .packet_size = 1,
    .length_at = 11,
    .length_size = 1,
    .address_at = 12,
};

#define PACKET_TYPE_BROADCAST 1
#define PACKET_TYPE_MULTICAST 2

struct capture_file {
	pcap_t *pcap;
	const char *name;
	const struct cooked *cooked; /* NULL: Ethernet */
	uint64_t number;
	uint8_t frame[FRAME_MAX];
};

/* ---- Compressed files --------------------------------------------------------------------- */

#ifdef HAVE_ZLIB
static ssize_t
read_compressed(void *cookie, char *buffer, size_t size)
{
	const unsigned most = size < INT32_MAX ? (unsigned)size : INT32_MAX;
	const int length = gzread(cookie, buffer, most);

	if (length < 0)
		errno = EIO;
	return length;
}

static int
close_compressed(void *cookie)
{
	return gzclose(cookie) == Z_OK ? 0 : EOF;
}

/* What is not compressed, zlib gives as it is. */
static FILE *
open_stream(int descriptor)
{
	const cookie_io_functions_t functions = {
	    .read = read_compressed, .close = close_compressed};
	gzFile compressed = gzdopen(descriptor, "rb");
	FILE *stream = compressed == NULL ? NULL : fopencookie(compressed, "rb", functions);

	if (compressed == NULL)
		(void)close(descriptor);
	else if (stream == NULL)
		(void)gzclose(compressed);
	return stream;
}
#else
static FILE *
open_stream(int descriptor)
{
	FILE *stream = fdopen(descriptor, "rb");

	if (stream == NULL)
		(void)close(descriptor);
	return stream;
}
#endif

/* ---- Opening ------------------------------------------------------------------------------ */

static bool
choose_link_type(struct capture_file *file, struct error *error)
{
	const int type = pcap_datalink(file->pcap);
	const char *const name = pcap_datalink_val_to_name(type);

	if (type == DLT_LINUX_SLL)
		file->cooked = &cooked_1;
	else if (type == DLT_LINUX_SLL2)
		file->cooked = &cooked_2;
	else if (type != DLT_EN10MB)
		return error_set(error, EXIT_USAGE,
		    "%s: its frames are of the link type %s: capture on an Ethernet interface, or "
		    "on "
		    "'any'",
		    file->name, name == NULL ? "?" : name);
	return true;
}

static bool
open_pcap(struct capture_file *file, FILE *stream, struct error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";

	file->pcap =
	    pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, text);
	if (file->pcap != NULL)
		return choose_link_type(file, error);
	(void)fclose(stream);
	return error_set(
	    error, EXIT_USAGE, "%s: expected a capture (pcap or pcapng): %s", file->name, text);
}

struct capture_file *
capture_file_open(const char *path, struct error *error)
{
	const bool standard = strcmp(path, "-") == 0;
	struct capture_file *file = calloc(1, sizeof(*file));
	const int descriptor =
	    standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	FILE *stream;

	if (descriptor < 0) {
		error_cannot_read(
		    error, EXIT_CANNOT_RUN, standard ? "standard input" : path, errno);
		free(file);
		return NULL;
	}
	if (file == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
		(void)close(descriptor);
		return NULL;
	}
	file->name = standard ? "standard input" : path;
	stream = open_stream(descriptor);
	if (stream == NULL)
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
	if (stream != NULL && open_pcap(file, stream, error))
		return file;
	capture_file_close(file);
	return NULL;
}

void
capture_file_close(struct capture_file *file)
{
	if (file == NULL)
		return;
	if (file->pcap != NULL)
		pcap_close(file->pcap); /* with its stream */
	free(file);
}

/* ---- Frames ------------------------------------------------------------------------------- */

static unsigned
read_number(const uint8_t *octets, size_t size)
{
	return size == 1 ? octets[0] : (unsigned)octets[0] << 8 | octets[1];
}

/* Makes an Ethernet frame of a cooked one. Returns its length, or 0 if the sender is not known by a
 * MAC. The destination is not known: it is zero, unless it was a broadcast or a group's. */
static size_t
cook(struct capture_file *file, const uint8_t *bytes, size_t length)
{
	const struct cooked *cooked = file->cooked;
	static const struct mac group = {{0x01, 0x00, 0x5e}};
	size_t rest;
	unsigned packet;

	if (length < cooked->header ||
	    read_number(&bytes[cooked->length_at], cooked->length_size) != sizeof(struct mac))
		return 0;
	packet = read_number(&bytes[cooked->packet_at], cooked->packet_size);
	rest = length - cooked->header;
	if (rest > FRAME_MAX - ETHERNET_HEADER)
		rest = FRAME_MAX - ETHERNET_HEADER;
	memcpy(file->frame,
	    packet == PACKET_TYPE_BROADCAST   ? &mac_broadcast
	    : packet == PACKET_TYPE_MULTICAST ? &group
					      : &mac_zero,
	    sizeof(struct mac));
	memcpy(&file->frame[6], &bytes[cooked->address_at], sizeof(struct mac));
	memcpy(&file->frame[12], &bytes[cooked->type_at], 2);
	memcpy(&file->frame[ETHERNET_HEADER], &bytes[cooked->header], rest);
	return ETHERNET_HEADER + rest;
}

/* False: the frame does not decode. */
static bool
give(struct capture_file *file, const struct pcap_pkthdr *header, const uint8_t *bytes,
    struct capture *capture)
{
	const size_t captured = header->caplen;

	capture->bytes = file->cooked == NULL ? bytes : file->frame;
	capture->length = file->cooked == NULL ? captured : cook(file, bytes, captured);
	capture->wire_length = header->len > capture->length ? header->len : capture->length;
	capture->time_us =
	    (uint64_t)header->ts.tv_sec * 1000000 + (uint64_t)header->ts.tv_usec / 1000;
	capture->time_ns = (uint16_t)(header->ts.tv_usec % 1000);
	capture->number = file->number;
	return frame_decode(capture->bytes, capture->length, &capture->frame) == FRAME_OK;
}

int
capture_file_next(struct capture_file *file, struct capture *capture, struct error *error)
{
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	int status;

	while ((status = pcap_next_ex(file->pcap, &header, &bytes)) == 1) {
		file->number++;
		if (give(file, header, bytes, capture))
			return 1;
	}
	if (status == PCAP_ERROR_BREAK)
		return 0;
	error_set(error, EXIT_CANNOT_RUN, "%s: after frame %llu: %s", file->name,
	    (unsigned long long)file->number, pcap_geterr(file->pcap));
	return -1;
}
