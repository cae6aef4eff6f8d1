/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doubtful frames: caches take them, but no sound host need have sent them. They accuse, and clear
 * nobody.
 */
#include "model.h"

static const struct mac group = {{0x01, 0x00, 0x5e, 0x00, 0x01, 0x01}};

/* How one host's frames look, or only those that claim the VIP. */
static struct form {
	uint8_t host;
	bool claims_only;
	bool odd;
	bool changes_sha;
	struct mac sha;
	bool probe_is_source;
} form;

static void
change_form(struct model *model, struct frame *frame)
{
	const bool arp = frame->kind == FRAME_ARP;
	const struct mac host = mac(form.host);

	if (!mac_equal(&frame->source, &host) ||
	    (form.claims_only && !(arp && address_equal(&frame->arp.spa, &model->vip))))
		return;
	frame->odd = form.odd;
	if (arp && form.changes_sha)
		frame->arp.sha = form.sha;
	if (form.probe_is_source)
		frame->source = model->segment.mac;
}

static const struct form forms[] = {
    {.odd = true},
    {.changes_sha = true, .sha = {{0x03, 0xbf, 0x0a, 0x4d, 0x00, 0x64}}},
    {.changes_sha = true, .sha = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}},
    {.changes_sha = true, .sha = {{0, 0, 0, 0, 0, 0}}},
    {.changes_sha = true, .sha = {{0x02, 0x00, 0x0a, 0x4d, 0x00, 0x01}}}, /* the probe's */
    {.changes_sha = true, .odd = true, .sha = {{0x03, 0xbf, 0, 0, 0, 1}}},
    {.probe_is_source = true},
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static struct model *
segment_with(const struct form *of, uint8_t host, bool claims_only, uint64_t seed)
{
	struct model *model = sound("10.77.0.11-12", seed);

	form = *of;
	form.host = host;
	form.claims_only = claims_only;
	model->damage = change_form;
	return model;
}

static void
claims_in_every_form_accuse(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		for (size_t speaks = 0; speaks < 2; speaks++) {
			struct model *model = segment_with(&forms[i], 11, true, i + 1);

			name_directors(model, "10.77.0.3,10.77.0.4");
			machine(model, 11)->answers_vip = speaks == 0;
			machine(model, 11)->speaks_as_vip = speaks == 1;
			model_run(model);
			assert_outcome(
			    model, 11, speaks ? "vip-source" : "vip-reply", OUTCOME_FAIL);
			assert_int_equal(model->cluster.verdict, VERDICT_VIOLATION);
			assert_verdict(model, 12, VERDICT_COMPLIANT);
			assert_verdict(model, 3, VERDICT_COMPLIANT);
			model_free(model);
		}
	}
}

/* A server whose frames are all doubtful may be sound, but nothing shows it. */
static void
doubtful_frames_clear_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		struct model *model = segment_with(&forms[i], 11, false, i + 1);

		model_run(model);
		assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
		assert_verdict(model, 12, VERDICT_COMPLIANT);
		model_free(model);
	}
}

/* The probe answers leaks and asks owners, but nobody gets a frame at a MAC of no machine. */
static void
assert_group_is_not_asked(const struct model *model)
{
	for (size_t i = 0; i < model->sent_count; i++)
		assert_false(mac_equal(&model->sent[i].frame.destination, &group));
}

static void
owner_without_a_machine_is_no_director(void **state)
{
	const struct form of = {.changes_sha = true, .sha = group};

	(void)state;
	for (size_t port = 0; port < 2; port++) {
		struct model *model = segment_with(&of, 3, true, 1);

		if (port)
			set_port(model, 80);
		model_run(model);
		assert_finding(
		    model, "vip-owner", SEVERITY_VIOLATION, "a MAC that no director can have");
		assert_false(model->cluster.vips[0].owners[0].expected);
		assert_group_is_not_asked(model);
		model_free(model);
	}
}

static void
odd_answers_make_no_certain_owner(void **state)
{
	const struct form of = {.odd = true};
	struct model *model = segment_with(&of, 3, true, 1);

	(void)state;
	name_directors(model, "10.77.0.3");
	model_run(model);
	assert_finding(model, "vip-owner", SEVERITY_INCONCLUSIVE, "not every machine accepts");
	assert_true(result_of(model, 3)->verdict != VERDICT_VIOLATION);
	assert_int_equal(model->cluster.verdict, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* A leak with the SHA of a group misdirects caches as any other does. The probe answers its sender
 * and makes the owner claim the VIP. */
static void
doubtful_leak_is_undone(void **state)
{
	const struct form of = {.changes_sha = true, .sha = group};
	struct model *model = segment_with(&of, 11, true, 1);
	const struct mac owner = mac(3);

	(void)state;
	name_directors(model, "10.77.0.3");
	machine(model, 11)->speaks_as_vip = true;
	model->cached = owner;
	model_run(model);
	model_run_on(model);
	assert_true(model->wire.leaks_provoked > 0);
	assert_true(model->wire.owner_restored);
	assert_true(mac_equal(&model->cached, &owner));
	assert_group_is_not_asked(model);
	model_free(model);
}

static bool
is_used(const struct model *model, uint8_t last)
{
	for (size_t i = 0; i < model->host_count; i++)
		if (model->host[i].rip.octet[3] == last)
			return true;
	return last == 1 || last == 100;
}

/* Another machine uses every decoy, and says so in odd frames. */
static void
use_decoy(struct model *model, const struct sent *sent)
{
	struct frame frame = claim(model, 66, ARP_REPLY, &sent->frame.arp.spa);

	if (sent->frame.kind != FRAME_ARP || is_used(model, sent->frame.arp.tpa.octet[3]))
		return;
	frame.arp.spa = sent->frame.arp.tpa;
	frame.odd = true;
	hear(model, &frame);
}

static void
address_used_oddly_is_no_decoy(void **state)
{
	struct model *model = sound("10.77.0.11-12", 1);
	size_t heard = 0;

	(void)state;
	model_start(model);
	while (model_turn(model))
		for (; heard < model->sent_count; heard++)
			use_decoy(model, &model->sent[heard]);
	model_finish(model);
	for (size_t i = 0; i < model->sent_count; i++)
		assert_false(is_from_decoy(model, &model->sent[i]));
	assert_verdict(model, 11, VERDICT_INCONCLUSIVE);
	model_free(model);
}

/* A hub returns every frame of the probe. */
static void
own_frames_are_no_evidence(void **state)
{
	struct model *model = sound("10.77.0.11-12", 1);
	size_t heard = 0;

	(void)state;
	name_directors(model, "10.77.0.3");
	machine(model, 12)->speaks_as_vip = true;
	model_start(model);
	while (model_turn(model))
		while (heard < model->sent_count)
			hear(model, &model->sent[heard++].frame);
	model_finish(model);
	assert_verdict(model, 11, VERDICT_COMPLIANT);
	assert_verdict(model, 12, VERDICT_VIOLATION);
	assert_verdict(model, 3, VERDICT_COMPLIANT);
	assert_true(model->wire.owner_restored);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(claims_in_every_form_accuse),
	    cmocka_unit_test(doubtful_frames_clear_nobody),
	    cmocka_unit_test(owner_without_a_machine_is_no_director),
	    cmocka_unit_test(odd_answers_make_no_certain_owner),
	    cmocka_unit_test(doubtful_leak_is_undone),
	    cmocka_unit_test(address_used_oddly_is_no_decoy),
	    cmocka_unit_test(own_frames_are_no_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
