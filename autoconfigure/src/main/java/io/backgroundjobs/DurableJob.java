package io.backgroundjobs;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * A kind of job that is kept in the application's database until it has run: its name,
 * the type of its payload, and what is done with that. Declare it as a bean, so that each
 * instance of the application knows it, and spawn it through {@link DurableJobs}.
 *
 * <pre class="code">
 * &#64;Bean
 * DurableJob&lt;Receipt&gt; sendReceipt(Mail mail) {
 *     return DurableJob.of(JobOptions.named("send-receipt").retry(policy), Receipt.class,
 *             (receipt, job) -&gt; mail.send(receipt));
 * }
 * </pre>
 *
 * Immutable and thread-safe.
 *
 * @param <P> the type of the payload
 * @since 1.0.0
 */
public final class DurableJob<P extends @Nullable Object> {

	private final JobOptions options;

	private final Type payloadType;

	private final DurableJobBody<P> body;

	private DurableJob(JobOptions options, Type payloadType, DurableJobBody<P> body) {
		this.options = options;
		this.payloadType = payloadType;
		this.body = body;
	}

	/**
	 * Create a kind of job.
	 * @param <P> the type of the payload
	 * @param options the name, and how the jobs run
	 * @param payloadType the type of the payload, which has to be one that JSON can carry
	 * @param body what is done with the payload
	 * @return the kind of job
	 */
	public static <P extends @Nullable Object> DurableJob<P> of(JobOptions options, Class<P> payloadType,
			DurableJobBody<P> body) {
		return create(options, payloadType, body);
	}

	/**
	 * Create a kind of job whose payload has a generic type.
	 * @param <P> the type of the payload
	 * @param options the name, and how the jobs run
	 * @param payloadType the type of the payload, which has to be one that JSON can carry
	 * @param body what is done with the payload
	 * @return the kind of job
	 */
	public static <P> DurableJob<P> of(JobOptions options, ParameterizedTypeReference<P> payloadType,
			DurableJobBody<P> body) {
		return create(options, payloadType.getType(), body);
	}

	private static <P extends @Nullable Object> DurableJob<P> create(JobOptions options, Type payloadType,
			DurableJobBody<P> body) {
		Objects.requireNonNull(options, "options");
		Objects.requireNonNull(payloadType, "payloadType");
		Objects.requireNonNull(body, "body");
		return new DurableJob<>(options, payloadType, body);
	}

	/**
	 * Change the options for one spawn: its delay, its key, its priority.
	 * @param change returns the options with the change; the name stays
	 * @return a copy with these options
	 * @throws IllegalArgumentException if the change is one of the name
	 */
	public DurableJob<P> with(UnaryOperator<JobOptions> change) {
		JobOptions changed = change.apply(this.options);
		if (!changed.name().equals(this.options.name())) {
			throw new IllegalArgumentException("The durable job '" + this.options.name()
					+ "' cannot be spawned under the name '" + changed.name() + "': no instance would know it");
		}
		return new DurableJob<>(changed, this.payloadType, this.body);
	}

	/**
	 * Return the name of the jobs.
	 * @return the name
	 */
	public String name() {
		return this.options.name();
	}

	/**
	 * Return how the jobs run.
	 * @return the options
	 */
	public JobOptions options() {
		return this.options;
	}

	/**
	 * Return the type of the payload.
	 * @return the type, with its type arguments
	 */
	public Type payloadType() {
		return this.payloadType;
	}

	/**
	 * Return what is done with the payload.
	 * @return the body
	 */
	public DurableJobBody<P> body() {
		return this.body;
	}

	@Override
	public String toString() {
		return "DurableJob[" + name() + ", " + this.payloadType.getTypeName() + "]";
	}

}
