// Facts from the device tree, found by looking for text in it: enough for guests that know what they
// look for.

#ifndef FDT_H
#define FDT_H

#include "guest.h"

// Counts the places where the tree holds the text: "cpu@" gives the number of harts.
u32 fdt_count(u32 fdt, const char *text);

// Returns the decimal number behind the text, as in "rounds=1000" on the kernel line, or a default.
u32 fdt_number(u32 fdt, const char *text, u32 otherwise);

#endif
