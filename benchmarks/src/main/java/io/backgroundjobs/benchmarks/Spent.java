package io.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What this JVM has used so far.
 *
 * @param time when that was; nanoseconds of {@link System#nanoTime()}
 * @param cpu processor time of all threads, those of the JVM included; nanoseconds
 * @param bytes memory allocated by the other threads that are there, in all their life
 */
record Spent(long time, long cpu, long bytes) {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	/**
	 * Look. Exact by the byte as long as no thread ends between two looks, and none does
	 * here: all contenders keep theirs for longer.
	 */
	static Spent now() {
		long self = Thread.currentThread().getId();
		long[] others = Arrays.stream(THREADS.getAllThreadIds()).filter((thread) -> thread != self).toArray();
		// Negative for a thread that has just ended.
		long bytes = Arrays.stream(THREADS.getThreadAllocatedBytes(others)).filter((any) -> any > 0).sum();
		return new Spent(System.nanoTime(), SYSTEM.getProcessCpuTime(), bytes);
	}

	Spent since(Spent before) {
		return new Spent(this.time - before.time, this.cpu - before.cpu, this.bytes - before.bytes);
	}

	double cores() {
		return (double) this.cpu / this.time;
	}

}
