package io.backgroundjobs.durable;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Makes the beans of type {@link DurableJob} known to the store once all singletons are
 * instantiated, so that this instance runs what any instance has spawned. Beans of a
 * parent context are left to it.
 *
 * @since 1.0.0
 */
public final class DurableJobRegistrar implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	private final Function<String, JobStore> store;

	private final BiConsumer<String, String> names;

	/**
	 * Create the registrar.
	 * @param beanFactory where the beans are
	 * @param store returns where the jobs are kept; takes the place that asks for it, and
	 * throws a {@link JobConfigurationException} that names it if there is no such thing
	 * @param names takes the name of each job, and where it is declared
	 */
	public DurableJobRegistrar(ListableBeanFactory beanFactory, Function<String, JobStore> store,
			BiConsumer<String, String> names) {
		this.beanFactory = beanFactory;
		this.store = store;
		this.names = names;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String beanName : this.beanFactory.getBeanNamesForType(DurableJob.class)) {
			String place = "DurableJob bean '" + beanName + "'";
			if (!this.beanFactory.isSingleton(beanName)) {
				throw new JobConfigurationException(place + " is no singleton",
						"Remove the scope: each instance of the application must know the job at any time.");
			}
			register(this.beanFactory.getBean(beanName, DurableJob.class), place);
		}
	}

	private void register(DurableJob<?> job, String place) {
		this.names.accept(job.name(), place);
		this.store.apply(place)
			.register(new StoredJobType(job.options(), List.of(job.payloadType()), body(job.body()), place));
	}

	@SuppressWarnings("unchecked")
	private static <P extends @Nullable Object> StoredJobType.Body body(DurableJobBody<P> body) {
		return (arguments, context) -> {
			body.run((P) arguments.get(0), context);
			return null;
		};
	}

}
