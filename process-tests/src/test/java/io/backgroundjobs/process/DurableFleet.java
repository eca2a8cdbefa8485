package io.backgroundjobs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Some instances on one database, of which one is killed or terminated now and then and
 * replaced at once.
 */
final class DurableFleet implements AutoCloseable {

	private final TestDatabase database;

	private final Path directory;

	private final List<String> arguments;

	/** All that have ever been started. */
	private final List<DurableInstance> started = new ArrayList<>();

	/** Those that no signal was sent to. */
	private final List<DurableInstance> members = new ArrayList<>();

	DurableFleet(TestDatabase database, Path directory, List<String> arguments) {
		this.database = database;
		this.directory = directory;
		this.arguments = List.copyOf(arguments);
	}

	/**
	 * Start an instance.
	 */
	DurableInstance start(String... further) throws IOException {
		List<String> all = new ArrayList<>(this.arguments);
		all.addAll(List.of(further));
		String name = "instance-" + (this.started.size() + 1);
		DurableInstance instance = DurableInstance.start(name, this.database, this.directory, all);
		this.started.add(instance);
		this.members.add(instance);
		return instance;
	}

	/**
	 * Send a signal to any of the instances, and start another one in its place.
	 */
	void replaceOne(Random random, boolean kill) throws IOException {
		end(this.members.get(random.nextInt(this.members.size())).name(), kill);
		start();
	}

	/**
	 * Send a signal to an instance, and do not wait for its end.
	 */
	void end(String name, boolean kill) {
		DurableInstance victim = this.members.stream()
			.filter((member) -> member.name().equals(name))
			.findAny()
			.orElseThrow();
		this.members.remove(victim);
		if (kill) {
			victim.kill();
		}
		else {
			victim.terminate();
		}
	}

	/**
	 * End all instances.
	 */
	void terminate() throws InterruptedException {
		this.members.forEach(DurableInstance::terminate);
		this.members.clear();
		for (DurableInstance instance : this.started) {
			instance.awaitEnd();
		}
	}

	List<DurableInstance> members() {
		return this.members;
	}

	List<DurableInstance> started() {
		return this.started;
	}

	@Override
	public void close() {
		this.started.forEach(DurableInstance::close);
	}

}
