/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads cluster files: arpaudit.conf(5).
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "arpaudit/options.h"

/* Applies a long option; `argument` is NULL for one that takes none. */
typedef bool config_apply(
    struct options *options, const char *name, const char *argument, struct error *error);

/*
 * Reads the file options->config, with what it includes, and puts its clusters into the plan of
 * `options`, in place of the only one that is there. The operands name the clusters that are
 * wanted; none: all. Mistakes go to options->sources.services, all in one go; the first is in
 * `error`.
 */
bool config_read(struct options *options, config_apply *apply, struct error *error);

#endif
