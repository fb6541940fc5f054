#include "relay/now.h"

#include "lib/clock.h"

struct now now_read(void)
{
	int64_t us = clock_mono_us();
	return (struct now){us, us / 1000, clock_wall_ms()};
}
