package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.RejectionReason;

/**
 * Runs that hold no place of any pool: on the threads of those who started them, or on
 * executors of the application's own. Guarded by its monitor.
 */
class Outside implements Venue {

	private final String name;

	private final Surroundings engine;

	private final Admission admission;

	/** Not due: between attempts, or behind an earlier run. */
	private final RunList parked = new RunList();

	/** On the way to a thread. */
	private final RunList queued = new RunList();

	private final ActiveRuns active = new ActiveRuns();

	private final History history;

	/** Threads of executors that carry out a run. */
	private int carrying;

	Outside(String name, Surroundings engine, Admission admission, int historySize) {
		this.name = name;
		this.engine = engine;
		this.admission = admission;
		this.history = new History(historySize);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Surroundings engine() {
		return this.engine;
	}

	@Override
	public @Nullable Duration timeout() {
		return null;
	}

	/**
	 * Admit a run that is on its thread already.
	 */
	synchronized @Nullable RejectionReason enter(JobRun<?> run) {
		RejectionReason refusal = this.admission.refusal(run);
		if (refusal == null) {
			run.queued();
			this.active.start(run, false);
		}
		return refusal;
	}

	/**
	 * Admit a run that will be handed to a thread.
	 */
	synchronized @Nullable RejectionReason admit(JobRun<?> run, boolean behind) {
		RejectionReason refusal = this.admission.refusal(run);
		if (refusal == null) {
			run.queued();
			(behind ? this.parked : this.queued).add(run);
		}
		return refusal;
	}

	/**
	 * Take a run that was on its way.
	 * @return whether it is still there to be carried out
	 */
	synchronized boolean take(JobRun<?> run) {
		if (!this.queued.contains(run)) {
			return false;
		}
		this.queued.remove(run);
		this.active.start(run, false);
		return true;
	}

	/**
	 * Let a parked run go on its way.
	 * @return whether it was parked
	 */
	synchronized boolean unpark(JobRun<?> run) {
		if (!this.parked.contains(run)) {
			return false;
		}
		this.parked.remove(run);
		run.queued();
		this.queued.add(run);
		return true;
	}

	@Override
	public void due(JobRun<?> run) {
		throw new IllegalStateException("A run on its caller's thread has no second attempt");
	}

	@Override
	public synchronized List<JobRun<?>> withdrawAll(Predicate<JobRun<?>> which) {
		List<JobRun<?>> withdrawn = this.parked.addTo(this.queued.addTo(new ArrayList<>()));
		withdrawn.removeIf((run) -> !which.test(run) || !withdraw(run));
		return withdrawn;
	}

	@Override
	public synchronized boolean withdraw(JobRun<?> run) {
		RunList list = run.list();
		if (list == null || (list != this.parked && list != this.queued)) {
			return false;
		}
		list.remove(run);
		run.engine().stopping().ending();
		return true;
	}

	@Override
	public synchronized @Nullable JobRun<?> end(JobRun<?> run, @Nullable Worker worker, boolean takes) {
		this.active.leave(run);
		this.history.add(run);
		return null;
	}

	@Override
	public synchronized void leave(JobRun<?> run) {
		this.active.leave(run);
	}

	@Override
	public synchronized void remember(JobRun<?> run) {
		this.history.add(run);
	}

	@Override
	public long departures() {
		return 0;
	}

	@Override
	public synchronized void addHistory(List<JobRun<?>> runs) {
		this.history.addTo(runs);
	}

	@Override
	public synchronized boolean leaveToWait(JobRun<?> run) {
		boolean waits = run.waitAgain();
		if (waits) {
			this.active.leave(run);
			this.parked.add(run);
		}
		return waits;
	}

	@Override
	public synchronized void overrun(JobRun<?> run) {
		this.active.overrun(run);
	}

	@Override
	public synchronized void telling(int change) {
		this.active.telling(change);
	}

	@Override
	public synchronized int telling() {
		return this.active.telling();
	}

	@Override
	public synchronized int busy() {
		return this.queued.size() + this.active.busy();
	}

	@Override
	public synchronized boolean isIdle() {
		List<JobRun<?>> runs = this.active.all().addTo(new ArrayList<>());
		long inside = runs.stream().filter((run) -> run.runner() != null).count();
		return runs.stream().allMatch((run) -> Phase.isEnded(run.phase())) && this.queued.isEmpty()
				&& this.active.telling() == 0 && this.carrying <= inside;
	}

	/**
	 * Count the threads that carry out runs and are not their callers' own.
	 */
	synchronized void carrying(int change) {
		this.carrying += change;
	}

	@Override
	public synchronized List<JobRun<?>> parked() {
		return this.parked.addTo(new ArrayList<>());
	}

	@Override
	public List<JobRun<?>> heldBack() {
		return List.of();
	}

	@Override
	public synchronized List<JobRun<?>> leftBehind() {
		return this.active.leftBehind();
	}

	@Override
	public synchronized List<JobRun<?>> live() {
		List<JobRun<?>> runs = new ArrayList<>();
		this.active.all().addTo(runs);
		this.queued.forEach(runs::add);
		this.parked.forEach(runs::add);
		return runs;
	}

}
