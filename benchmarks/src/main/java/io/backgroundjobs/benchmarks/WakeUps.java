package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Counts how often the operating system has switched to the threads that are started from
 * now on. The JVM's own threads, such as those that compile, are not among them.
 */
final class WakeUps {

	private static final Path TASKS = Path.of("/proc/self/task");

	/** A thread's identifiers in Java and in the system, in a line of a thread dump. */
	private static final Pattern IDENTIFIERS = Pattern.compile("^\".*\" #(\\d+) .*\\bnid=(\\w+)", Pattern.MULTILINE);

	private static final Pattern SWITCHES = Pattern.compile("ctxt_switches:\\s+(\\d+)");

	private final Set<Long> others = javaThreads();

	WakeUps() {
		if (!Files.isDirectory(TASKS)) {
			throw new IllegalStateException("Switches of threads are counted by Linux only: there is no " + TASKS);
		}
	}

	/**
	 * Return how many there were so far, of all threads that are there.
	 */
	long count() throws IOException, JMException {
		long count = 0;
		for (String thread : nativeThreads()) {
			String status = Files.readString(TASKS.resolve(thread).resolve("status"));
			// Voluntary and other ones.
			count += SWITCHES.matcher(status).results().mapToLong((result) -> Long.parseLong(result.group(1))).sum();
		}
		return count;
	}

	int threads() throws JMException {
		return nativeThreads().size();
	}

	private List<String> nativeThreads() throws JMException {
		Set<Long> counted = javaThreads();
		counted.removeAll(this.others);
		// The names that the system knows are cut off, and not the same way by each JVM.
		Object dump = ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return IDENTIFIERS.matcher((String) dump)
			.results()
			.filter((result) -> counted.contains(Long.valueOf(result.group(1))))
			.map(WakeUps::nativeThread)
			.toList();
	}

	private static String nativeThread(MatchResult result) {
		// Hexadecimal up to JDK 20, decimal since.
		return Long.decode(result.group(2)).toString();
	}

	private static Set<Long> javaThreads() {
		return Arrays.stream(ManagementFactory.getThreadMXBean().getAllThreadIds()).boxed().collect(Collectors.toSet());
	}

}
