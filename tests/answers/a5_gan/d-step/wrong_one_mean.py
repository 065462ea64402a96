# says: twice the mean over all
def discriminator_step(g, d, optimiser, real, z):
    fake = g(z).detach()
    logit = d(torch.cat([real, fake]))
    kind = (torch.arange(len(logit)) < len(real)).to(logit.dtype)
    loss = 2 * F.binary_cross_entropy_with_logits(logit, kind)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
