package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Measures what is ours in an experiment while the JVM notes where the time goes, and
 * writes that into a page. The readings are not kept: to take notes costs time.
 */
final class Profiles {

	private final Experiment experiment;

	private final int rounds;

	Profiles(Experiment experiment, int rounds) {
		this.experiment = experiment;
		this.rounds = rounds;
	}

	void run(Path results) throws Exception {
		StringBuilder page = new StringBuilder();
		page.append("# Where the time of `")
			.append(this.experiment.name())
			.append("` goes\n\nJDK ")
			.append(Runtime.version().toString().replaceFirst("-.*", ""))
			.append(", ")
			.append(Runtime.getRuntime().availableProcessors())
			.append(" processors, ")
			.append(this.rounds)
			.append(" rounds, ")
			.append(LocalDate.now(ZoneOffset.UTC))
			.append(": `java -jar benchmarks/target/background-jobs-benchmarks-*.jar --profile ")
			.append(this.experiment.name())
			.append("`\n");
		for (Cell cell : this.experiment.cells(Effort.PROFILE)) {
			if (cell.contender().startsWith(Cell.OURS)) {
				page.append("\n## ")
					.append(cell.work())
					.append(cell.contender().equals(Cell.OURS) ? "" : ", " + cell.contender())
					.append("\n\n")
					.append(profile(cell).markdown());
			}
		}
		Path file = results.resolve("jdk-" + Runtime.version().feature())
			.resolve("profiles")
			.resolve(this.experiment.name() + ".md");
		Files.createDirectories(file.getParent());
		Files.writeString(file, page);
		System.out.println("Written: " + file);
	}

	private Profile profile(Cell cell) throws IOException, InterruptedException {
		Profile profile = new Profile();
		for (int i = 0; i < this.rounds; i++) {
			Path file = Files.createTempFile("profile", ".jfr");
			try {
				FlightRecording recording = new FlightRecording(file);
				List<Reading> readings = new OwnJvm(this.experiment, cell, Effort.PROFILE)
					.measure(recording.jvmOptions());
				System.out.println(this.experiment.name() + ", " + cell.work() + ": " + readings);
				recording.readInto(profile);
			}
			finally {
				Files.delete(file);
			}
		}
		return profile;
	}

}
