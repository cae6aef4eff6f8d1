/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packets that make an owner claim its VIP by broadcast, so that every cache returns to it.
 * There are two kinds, because no owner has to answer both:
 *
 * - An echo request from a decoy. To answer it, the owner asks for the decoy, and at arp_announce 0
 *   or 1 it does so as the VIP. It repeats that a second and two seconds later, since nobody
 *   answers. A master that uses the virtual router's MAC would ask with its own MAC (owner/
 *   master.h), which would be one more claim by a MAC other than the owner's.
 * - An ARP Probe whose SHA is the broadcast address: Linux sends the reply to the SHA
 *   (arp_process()). It is the only request whose SHA is not the probe's, and only the owner gets
 *   it. A BSD drops it, and so does a switch that compares the SHA with the Ethernet source.
 */
#ifndef ARPAUDIT_AUDIT_ASK_PROVOKE_H
#define ARPAUDIT_AUDIT_ASK_PROVOKE_H

#include "audit/ask/ask.h"
#include "audit/facts/claims.h"

/* A decoy to elicit an owner from: the one with this number, or the next one that is ready. NONE:
 * no decoy is. */
uint32_t provoke_choose_decoy(const struct ask *ask, uint32_t number);
/* Fills in an echo request from the decoy to the VIP at the owner's MAC. */
void provoke_by_echo(
    struct ask *ask, uint32_t vip, uint32_t decoy, const struct mac *owner, struct frame *frame);
/* Fills in the ARP Probe. */
void provoke_by_probe(
    const struct ask *ask, uint32_t vip, const struct mac *owner, struct frame *frame);

#endif
