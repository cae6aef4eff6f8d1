/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all fuzz targets have in place of the libraries' own. The linker's --wrap puts it there.
 *
 * A watch has a table that is larger than the largest piece in ASan's pools. One that is mapped and
 * unmapped for each execution, with its shadow, takes more time than all else. So there are places
 * for it, which are poisoned around it, and when it is freed.
 *
 * Nobody is asked for the names that a fuzzer makes up.
 * A name resolves to what its first letter says: "a" to "k" to an address of 10.77.0.0/24, "l" to
 * two of them, all others to nothing. The name of an address has what no name should have.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <sanitizer/asan_interface.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NAMED      10
#define PLACES     3
#define PLACE_SIZE ((size_t)192 << 10)
#define PLACED_MIN ((size_t)96 << 10)

struct place {
	_Alignas(64) uint8_t octets[PLACE_SIZE + 64]; /* the last ones are always poisoned */
	bool used;
};

static struct place places[PLACES];

/* The linker gives these names. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
int __wrap_getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list);
void __wrap_freeaddrinfo(struct addrinfo *list);
int __wrap_getnameinfo(const struct sockaddr *address, socklen_t address_length, char *host,
    socklen_t host_length, char *service, socklen_t service_length, int flags);
const char *__asan_default_options(void);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __real_free(void *memory);
void __wrap_free(void *memory);

/* One execution frees some hundred kilobytes. If more than a few of them are kept from being used
 * again, most of the time goes to fresh pages and to their shadow. */
const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=4:malloc_context_size=8";
}

void *
__wrap_calloc(size_t count, size_t size)
{
	const size_t length = size != 0 && count > PLACE_SIZE / size ? 0 : count * size;

	for (size_t i = 0; length >= PLACED_MIN && i < PLACES; i++) {
		struct place *const place = &places[i];

		if (place->used)
			continue;
		place->used = true;
		ASAN_POISON_MEMORY_REGION(place->octets, sizeof(place->octets));
		ASAN_UNPOISON_MEMORY_REGION(place->octets, length);
		return memset(place->octets, 0, length);
	}
	return __real_calloc(count, size);
}

void
__wrap_free(void *memory)
{
	for (size_t i = 0; i < PLACES; i++)
		if (memory == places[i].octets) {
			ASAN_POISON_MEMORY_REGION(memory, sizeof(places[i].octets));
			places[i].used = false;
			return;
		}
	__real_free(memory);
}

int
__wrap_getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	static struct sockaddr_in addresses[2];
	static struct addrinfo entries[2];
	const uint32_t last = (uint32_t)(unsigned char)name[0] - 'a' + NAMED;

	(void)service, (void)hints;
	if (name[0] < 'a' || name[0] > 'l')
		return EAI_NONAME;
	for (uint32_t i = 0; i < 2; i++) {
		addresses[i] = (struct sockaddr_in){
		    .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a4d0000U | (last + i))};
		entries[i] = (struct addrinfo){.ai_family = AF_INET,
		    .ai_addr = (struct sockaddr *)&addresses[i],
		    .ai_addrlen = sizeof(addresses[i])};
	}
	if (name[0] == 'l')
		entries[0].ai_next = &entries[1];
	*list = &entries[0];
	return 0;
}

void
__wrap_freeaddrinfo(struct addrinfo *list)
{
	(void)list; /* the entries are static */
}

int
__wrap_getnameinfo(const struct sockaddr *address, socklen_t address_length, char *host,
    socklen_t host_length, char *service, socklen_t service_length, int flags)
{
	struct sockaddr_in in;

	(void)service, (void)service_length, (void)flags;
	if (address_length != sizeof(in))
		return EAI_FAMILY;
	memcpy(&in, address, sizeof(in));
	if ((ntohl(in.sin_addr.s_addr) & 1) != 0)
		return EAI_NONAME;
	(void)snprintf(host, host_length, "\x1b[2Jrs|\xff\"<b>");
	return 0;
}
/* NOLINTEND(bugprone-reserved-identifier) */
