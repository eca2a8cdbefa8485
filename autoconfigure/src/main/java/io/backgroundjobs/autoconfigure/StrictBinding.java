package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;

import io.backgroundjobs.DurationText;

/**
 * Makes the binding of {@code background-jobs} refuse what Boot lets pass: durations
 * without a unit, which would be milliseconds, and misspelt names in files.
 */
final class StrictBinding implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("background-jobs");

	/** Bound only where there is a database. */
	private static final ConfigurationPropertyName DURABLE = ROOT.append("durable");

	/** Read by others: the overrides of jobs, durable jobs, and the test starter. */
	private static final List<ConfigurationPropertyName> OTHERS = List.of(ConfiguredJobs.ROOT, DURABLE,
			ROOT.append("test"));

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new Handler(bindHandler);
	}

	/**
	 * Looks at one binding.
	 */
	private static final class Handler extends AbstractBindHandler {

		private final Set<ConfigurationPropertyName> bound = new HashSet<>();

		/** Everything that the binder looked for. */
		private final Set<String> known = new LinkedHashSet<>();

		Handler(BindHandler parent) {
			super(parent);
		}

		@Override
		public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
				BindContext context) {
			if (ROOT.isAncestorOf(name)) {
				this.known.add(name.toString());
			}
			return super.onStart(name, target, context);
		}

		@Override
		public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Object result) {
			if (ROOT.isAncestorOf(name)) {
				this.bound.add(name);
				ConfigurationProperty property = context.getConfigurationProperty();
				if (result instanceof Duration && property != null) {
					requireUnit(name, context, property);
				}
			}
			return super.onSuccess(name, target, context, result);
		}

		@Override
		public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				@Nullable Object result) throws Exception {
			super.onFinish(name, target, context, result);
			if (context.getDepth() == 0 && (name.equals(ROOT) || name.equals(DURABLE))) {
				requireAllBound(name, context);
			}
		}

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) throws Exception {
			ConfigurationProperty property = context.getConfigurationProperty();
			if (ROOT.isAncestorOf(name) && property != null && target.getType().resolve() == Duration.class) {
				requireUnit(name, context, property);
			}
			return super.onFailure(name, target, context, error);
		}

		private void requireUnit(ConfigurationPropertyName name, BindContext context, ConfigurationProperty property) {
			Object value = property.getValue();
			String text = (value instanceof String template)
					? context.getBinder().bind(name, Bindable.of(String.class)).orElse(template) : value.toString();
			if (!(value instanceof Duration) && !text.isBlank()) {
				DurationText.parse("property " + name, text);
			}
		}

		private void requireAllBound(ConfigurationPropertyName root, BindContext context) {
			for (ConfigurationPropertySource source : context.getSources()) {
				if (source instanceof IterableConfigurationPropertySource iterable && isFile(source)) {
					iterable.stream().filter((name) -> isUnbound(root, name)).findFirst().ifPresent((name) -> {
						throw UnknownNames.property(Objects.requireNonNull(source.getConfigurationProperty(name)),
								this.known);
					});
				}
			}
		}

		/**
		 * The environment and the system properties belong to others too.
		 */
		private static boolean isFile(ConfigurationPropertySource source) {
			return !(source
				.getUnderlyingSource() instanceof org.springframework.core.env.PropertySource<?> propertySource)
					|| (!propertySource.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
							&& !propertySource.getName()
								.equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME));
		}

		private boolean isUnbound(ConfigurationPropertyName root, ConfigurationPropertyName name) {
			return root.isAncestorOf(name)
					&& OTHERS.stream().noneMatch((other) -> !other.equals(root) && other.isAncestorOf(name))
					&& !this.bound.contains(name) && !isElementOfBound(name);
		}

		/**
		 * Lists are bound from one source as a whole; an element that another source
		 * overrides is not bound by its name.
		 */
		private boolean isElementOfBound(ConfigurationPropertyName name) {
			return name.isLastElementIndexed() && this.bound.contains(name.getParent());
		}

	}

}
