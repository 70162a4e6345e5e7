# One image for the API, the workers and every other command: docker run lockstep worker
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.base.json tsconfig.packages.json ./
COPY packages ./packages
COPY scripts ./scripts
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
# git: a scan of a repository needs it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /var/lib/lockstep
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
ENV NODE_ENV=production LOCKSTEP_DATA_DIR=/var/lib/lockstep
VOLUME /var/lib/lockstep
EXPOSE 5000
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "packages/cli/bin/lockstep.js", "health"]
ENTRYPOINT ["node", "/app/packages/cli/bin/lockstep.js"]
CMD ["up"]
