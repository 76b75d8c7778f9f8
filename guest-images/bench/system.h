// Workloads that are the system's rather than the processor's.

#ifndef SYSTEM_H
#define SYSTEM_H

#include "workload.h"

_Noreturn void fail(const char *what, const char *which);

u32 gzip(u32 seed);                    // compresses a text
u32 sha256sum(u32 seed);               // digests a file
u32 fork_loop(u32 seed);               // a shell that starts programs
u32 ping_pong(u32 seed);               // two processes, a byte to and fro
u32 walk(u32 seed);                    // looks at every file of a tree

#endif
