# Runs a dispatcher. The api: docker run billcast node src/main.ts api
# A command: docker run billcast billcast migrate
# The base image only has to run npm. npm brings the project's own Node 24.
FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /srv/billcast
# npx would write into this folder and ask a registry. This way `billcast` and Node 24 are found without it.
ENV PATH=/srv/billcast/node_modules/.bin:$PATH
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY tsconfig.json ecosystem.config.js ./
COPY bin ./bin
COPY src ./src
COPY tools ./tools
COPY templates ./templates
COPY providers ./providers
# For the ledger of the simulated provider. With real providers nothing is written.
RUN mkdir .billcast && chown node:node .billcast
USER node
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
