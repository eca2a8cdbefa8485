package io.backgroundjobs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.backgroundjobs.process.durable.DurableApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance of the application with durable jobs, in a JVM of its own.
 */
final class DurableInstance implements AutoCloseable {

	/** The longest drain, and what the JVM takes besides on a busy machine. */
	private static final int PATIENCE_SECONDS = 60;

	private final String name;

	private final TestDatabase database;

	private final Path log;

	private final Process process;

	private int expectedStatus;

	private DurableInstance(String name, TestDatabase database, Path directory, List<String> arguments)
			throws IOException {
		this.name = name;
		this.database = database;
		this.log = directory.resolve(name + ".log");
		List<String> command = new ArrayList<>(List.of(ApplicationProcess.java(), "-Xmx160m", "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-cp", ApplicationProcess.classPath(), DurableApplication.class.getName(),
				"--spring.datasource.url=" + database.url(), "--durable.instance=" + name));
		command.addAll(arguments);
		this.process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(this.log.toFile()).start();
	}

	/**
	 * Start an instance, and do not wait for it.
	 */
	static DurableInstance start(String name, TestDatabase database, Path directory, List<String> arguments)
			throws IOException {
		return new DurableInstance(name, database, directory, arguments);
	}

	String name() {
		return this.name;
	}

	/**
	 * Send SIGKILL.
	 */
	void kill() {
		signal("KILL", 128 + 9);
		this.process.destroyForcibly();
	}

	/**
	 * Send SIGTERM.
	 */
	void terminate() {
		signal("TERM", 128 + 15);
		this.process.destroy();
	}

	private void signal(String signal, int status) {
		assertThat(this.process.isAlive()).as(this::log).isTrue();
		this.expectedStatus = status;
		this.database.jdbc().update("insert into signals (instance, signal) values (?, ?)", this.name, signal);
	}

	/**
	 * Wait for the end after a signal.
	 */
	void awaitEnd() throws InterruptedException {
		assertThat(this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(this::log).isTrue();
		assertThat(this.process.exitValue()).as(this::log).isEqualTo(this.expectedStatus);
	}

	String log() {
		return "The log of " + this.name + ":\n" + ApplicationProcess.read(this.log);
	}

	/**
	 * Return the lines of its log that are worse than information.
	 */
	List<String> complaints() {
		return log().lines().filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ")).toList();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
