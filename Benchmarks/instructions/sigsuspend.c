// Lets a Swift program run in Debian 12's valgrind 3.19, by LD_PRELOAD: that writes to the mask which a program gives
// to sigsuspend(2), and dies of it when the mask is constant, as it is in libdispatch.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
  sigset_t writable = *mask;
  enum { SIZE_IN_KERNEL = 8 };
  return (int)syscall(SYS_rt_sigsuspend, &writable, SIZE_IN_KERNEL);
}
