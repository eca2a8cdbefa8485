package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the JVM has noted while it measured: where its threads were, who allocated, and
 * how often memory was collected.
 *
 * @param file the file that it writes when it ends
 */
record FlightRecording(Path file) {

	private static final Duration PERIOD = Duration.ofMillis(1);

	/**
	 * Return the options of the JVM that is recorded.
	 */
	List<String> jvmOptions() {
		String options = String.join(",", "filename=" + this.file, "settings=default", "dumponexit=true",
				"jdk.ExecutionSample#period=" + PERIOD.toMillis() + "ms", "jdk.NativeMethodSample#enabled=false",
				"jdk.ObjectAllocationSample#throttle=2000/s");
		return List.of("-XX:StartFlightRecording:" + options, "-Xlog:jfr+startup=off",
				"-XX:FlightRecorderOptions:stackdepth=128", "-XX:+UnlockDiagnosticVMOptions",
				"-XX:+DebugNonSafepoints");
	}

	/**
	 * Add what was noted to a profile, of the measured part only where one is told apart.
	 */
	void readInto(Profile profile) throws IOException {
		List<Span> spans = new ArrayList<>();
		each((event) -> {
			if (event.getEventType().getName().equals(Measured.class.getName())) {
				spans.add(new Span(event.getStartTime(), event.getEndTime()));
			}
		});
		each((event) -> {
			if (spans.isEmpty() || spans.stream().anyMatch((span) -> span.holds(event.getStartTime()))) {
				note(event, profile);
			}
		});
	}

	private void each(Consumer<RecordedEvent> action) throws IOException {
		try (RecordingFile recording = new RecordingFile(this.file)) {
			while (recording.hasMoreEvents()) {
				action.accept(recording.readEvent());
			}
		}
	}

	private static void note(RecordedEvent event, Profile profile) {
		String name = event.getEventType().getName();
		if (name.equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
			List<RecordedFrame> frames = event.getStackTrace().getFrames();
			profile.sample(event.getThread("sampledThread").getJavaName(),
					frames.stream().map(FlightRecording::method).toList(), frames.get(0).getType());
		}
		else if (name.equals("jdk.ObjectAllocationSample")) {
			profile.allocation(event.getClass("objectClass").getName(), event.getLong("weight"));
		}
		else if (name.equals("jdk.GarbageCollection")) {
			profile.collection(event.getDuration("sumOfPauses"));
		}
	}

	private static String method(RecordedFrame frame) {
		String type = frame.getMethod().getType().getName();
		return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
	}

	private record Span(Instant begin, Instant end) {

		private boolean holds(Instant instant) {
			return !instant.isBefore(this.begin) && !instant.isAfter(this.end);
		}

	}

}
