# billcast as a container: a dispatcher by default, `docker run billcast npx billcast migrate` for a command.
# The image brings the project's own Node 24 as an npm package; the base only has to run npm.
FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /srv/billcast
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY tsconfig.json ecosystem.config.js ./
COPY src ./src
COPY templates ./templates
USER node
STOPSIGNAL SIGTERM
CMD ["node_modules/.bin/node", "src/main.ts"]
