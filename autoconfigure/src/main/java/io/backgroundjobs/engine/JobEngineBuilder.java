package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.PoolResource;
import io.backgroundjobs.PoolSpec;

/**
 * Builds a scheduler by hand, without Spring Boot.
 *
 * <pre class="code">
 * try (BackgroundJobScheduler jobs = new JobEngineBuilder().pool(PoolSpec.named("mail").withLimit(4)).build()) {
 *     jobs.start();
 *     jobs.addPeriodic("clean-up", Duration.ofMinutes(5), store::removeExpired);
 *     jobs.spawn(JobOptions.named("welcome").pool("mail"), () -&gt; mail.send(letter));
 * }
 * </pre>
 *
 * Not thread-safe.
 *
 * @since 1.0.0
 */
public final class JobEngineBuilder {

	final Map<String, PoolSpec> pools = new LinkedHashMap<>();

	final List<JobListener> listeners = new ArrayList<>();

	final List<JobExceptionHandler> exceptionHandlers = new ArrayList<>();

	final List<JobRecorder> recorders = new ArrayList<>();

	final List<JobContextPropagator> propagators = new ArrayList<>();

	@Nullable JobObserver observer;

	final List<PoolResource> resources = new ArrayList<>();

	@Nullable ThreadPoolTaskScheduler taskScheduler;

	@Nullable EngineClock clock;

	JobOverrides overrides = JobOverrides.NONE;

	CommitHook commitHook = CommitHook.NONE;

	Supplier<@Nullable ClusterJobs> cluster = () -> null;

	@Nullable String instance;

	boolean ticking = true;

	boolean preferVirtualThreads;

	Duration minimumInterval = Duration.ofMillis(1);

	int historySize = 256;

	Duration waitTimeout = Duration.ofSeconds(20);

	Duration shieldTimeout = Duration.ofSeconds(25);

	Duration closeTimeout = Duration.ofSeconds(1);

	Duration keepAlive = Duration.ofSeconds(60);

	/**
	 * Create a builder with the default settings.
	 */
	public JobEngineBuilder() {
		this.pools.put(PoolSpec.DEFAULT_NAME, PoolSpec.named(PoolSpec.DEFAULT_NAME));
	}

	/**
	 * Add a pool, or change the settings of the one with that name.
	 * @param spec the pool
	 * @return this
	 */
	public JobEngineBuilder pool(PoolSpec spec) {
		this.pools.put(spec.name(), spec);
		return this;
	}

	/**
	 * Use a task scheduler as the clock. Whoever gives it starts and stops it. It must
	 * have no task decorator and no error handler, and must remove cancelled tasks. By
	 * default the engine has one of its own.
	 * @param taskScheduler the task scheduler, initialized
	 * @return this
	 */
	public JobEngineBuilder taskScheduler(ThreadPoolTaskScheduler taskScheduler) {
		this.taskScheduler = taskScheduler;
		return this;
	}

	/**
	 * Use another clock than a task scheduler.
	 * @param clock the clock
	 * @return this
	 */
	public JobEngineBuilder clock(EngineClock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Add a listener.
	 * @param listener the listener
	 * @return this
	 */
	public JobEngineBuilder listener(JobListener listener) {
		this.listeners.add(listener);
		return this;
	}

	/**
	 * Add a handler of failures that nobody took. Without one they are logged.
	 * @param handler the handler
	 * @return this
	 */
	public JobEngineBuilder exceptionHandler(JobExceptionHandler handler) {
		this.exceptionHandlers.add(handler);
		return this;
	}

	/**
	 * Add a recorder.
	 * @param recorder the recorder
	 * @return this
	 */
	public JobEngineBuilder recorder(JobRecorder recorder) {
		this.recorders.add(recorder);
		return this;
	}

	/**
	 * Let attempts be observed, each within the context of its job.
	 * @param observer the observer
	 * @return this
	 */
	public JobEngineBuilder observer(JobObserver observer) {
		this.observer = observer;
		return this;
	}

	/**
	 * Carry a context over to the jobs' threads.
	 * @param propagator the propagator
	 * @return this
	 */
	public JobEngineBuilder propagator(JobContextPropagator propagator) {
		this.propagators.add(propagator);
		return this;
	}

	/**
	 * Add a resource that a pool needs.
	 * @param resource the resource
	 * @return this
	 */
	public JobEngineBuilder resource(PoolResource resource) {
		this.resources.add(resource);
		return this;
	}

	/**
	 * Let properties change jobs by their names.
	 * @param overrides the overrides
	 * @return this
	 */
	public JobEngineBuilder overrides(JobOverrides overrides) {
		this.overrides = overrides;
		return this;
	}

	/**
	 * Say how to wait for the end of a transaction. Without it
	 * {@link io.backgroundjobs.JobOptions#afterCommit()} hands over at once.
	 * @param commitHook the hook
	 * @return this
	 */
	public JobEngineBuilder commitHook(CommitHook commitHook) {
		this.commitHook = commitHook;
		return this;
	}

	/**
	 * Say what the instances of the application share. Without it no periodic job can
	 * have the scope {@link io.backgroundjobs.JobScope#CLUSTER}.
	 * @param cluster asked when there is such a job; {@code null} for nothing
	 * @return this
	 */
	public JobEngineBuilder cluster(Supplier<@Nullable ClusterJobs> cluster) {
		this.cluster = cluster;
		return this;
	}

	/**
	 * Name the instance of the application. Jitter is chosen by it.
	 * @param instance a name that survives a restart; by default that of the host
	 * @return this
	 */
	public JobEngineBuilder instance(String instance) {
		this.instance = instance;
		return this;
	}

	/**
	 * Let periodic jobs tick, or let them only be known.
	 * @param ticking {@code false} for jobs that never tick; they can be triggered
	 * @return this
	 */
	public JobEngineBuilder ticking(boolean ticking) {
		this.ticking = ticking;
		return this;
	}

	/**
	 * Choose the threads of pools that say {@link io.backgroundjobs.PoolThreads#AUTO}.
	 * @param preferVirtualThreads whether they are virtual, where the JDK has such
	 * @return this
	 */
	public JobEngineBuilder preferVirtualThreads(boolean preferVirtualThreads) {
		this.preferVirtualThreads = preferVirtualThreads;
		return this;
	}

	/**
	 * Set the shortest interval that a periodic job may have.
	 * @param minimumInterval the interval; at least one millisecond
	 * @return this
	 */
	public JobEngineBuilder minimumInterval(Duration minimumInterval) {
		if (minimumInterval.compareTo(Duration.ofMillis(1)) < 0) {
			throw new JobConfigurationException("The minimum interval of periodic jobs is " + minimumInterval,
					"Give 1ms or more.");
		}
		this.minimumInterval = minimumInterval;
		return this;
	}

	/**
	 * Set how many ended jobs are remembered.
	 * @param historySize the number; 0 for none
	 * @return this
	 */
	public JobEngineBuilder historySize(int historySize) {
		if (historySize < 0) {
			throw new JobConfigurationException("The size of the job history is " + historySize,
					"Give 0 for none, or a positive number.");
		}
		this.historySize = historySize;
		return this;
	}

	/**
	 * Set the bounds of a shutdown. The first two count from its begin.
	 * @param waitTimeout how long jobs may finish
	 * @param shieldTimeout how long shielded jobs may finish; not shorter than
	 * {@code waitTimeout}
	 * @param closeTimeout how long interrupted bodies may take to leave
	 * @return this
	 */
	public JobEngineBuilder shutdown(Duration waitTimeout, Duration shieldTimeout, Duration closeTimeout) {
		requireNotNegative("wait-timeout", waitTimeout);
		requireNotNegative("shield-timeout", shieldTimeout);
		requireNotNegative("close-timeout", closeTimeout);
		if (shieldTimeout.compareTo(waitTimeout) < 0) {
			throw new JobConfigurationException(
					"The shield-timeout of the shutdown (" + shieldTimeout + ") is shorter than its wait-timeout ("
							+ waitTimeout + ")",
					"Both count from the begin of the shutdown: give a shield-timeout that is not shorter.");
		}
		this.waitTimeout = waitTimeout;
		this.shieldTimeout = shieldTimeout;
		this.closeTimeout = closeTimeout;
		return this;
	}

	/**
	 * Set how long a thread stays without work. For tests.
	 */
	JobEngineBuilder keepAlive(Duration keepAlive) {
		this.keepAlive = keepAlive;
		return this;
	}

	/**
	 * Build the scheduler. It is not started.
	 * @return a new scheduler
	 * @throws JobConfigurationException if the settings contradict each other
	 */
	public JobEngine build() {
		return new LocalJobEngine(this);
	}

	private static void requireNotNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw new JobConfigurationException("The " + property + " of the shutdown is " + value,
					"Give zero or a positive duration, such as 20s.");
		}
	}

}
