/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/facts/loss.h"
/* Beta(1, 1): with no sample, k losses in a row have the chance 1/(k+1) (Laplace's rule); with n
 * answered and none lost it is 1/C(n+k+1, k). */
static void
loss_is_the_posterior_predictive(void **state)
{
	struct loss loss = {0};

	(void)state;
	assert_true(loss_all_lost(&loss, 0) == 1);
	assert_float_equal(loss_all_lost(&loss, 1), 0.5, 1e-12);
	assert_float_equal(loss_all_lost(&loss, 4), 0.2, 1e-12);
	loss.answered = 3;
	assert_float_equal(loss_estimate(&loss), 0.2, 1e-12);
	assert_float_equal(loss_all_lost(&loss, 2), 1.0 / 15, 1e-12); /* C(6,2) */
	loss.answered = 8;
	assert_float_equal(loss_all_lost(&loss, 16) * 2042975, 1.0, 1e-9); /* C(25,16) */
	loss.lost = 1;                                                     /* 2/11 × 3/12 */
	assert_float_equal(loss_all_lost(&loss, 2), 6.0 / 132, 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(loss_is_the_posterior_predictive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
