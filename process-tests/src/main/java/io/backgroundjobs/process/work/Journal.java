package io.backgroundjobs.process.work;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Files of lines that outlive the process, for the test that reads them. Thread-safe.
 */
public class Journal {

	private final Path directory;

	Journal(Path directory) {
		this.directory = directory;
	}

	/**
	 * Append lines to a file, and return when they are on the disk.
	 */
	public synchronized void write(String file, List<String> lines) {
		byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
		// Not a channel: an interrupt of the writing thread would close it.
		try (FileOutputStream out = new FileOutputStream(this.directory.resolve(file).toFile(), true)) {
			out.write(text);
			out.getFD().sync();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Append a line to a file. The system has it when this returns, but not the disk.
	 */
	public synchronized void write(String file, String line) {
		try (FileOutputStream out = new FileOutputStream(this.directory.resolve(file).toFile(), true)) {
			out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Write down what made a job fail, with all causes.
	 */
	public void failure(String id, Throwable failure) {
		StringBuilder line = new StringBuilder(id);
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			line.append('\t').append(cause.toString().replaceAll("\\s+", " "));
		}
		write("failures", line.toString());
	}

}
